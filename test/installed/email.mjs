// An alert goes out by nodemailer's own transport.
import assert from "node:assert/strict";
import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
import { emailSink } from "issue-lifecycle/sinks";
import { createTransport } from "nodemailer";

const sent = [];
const transport = createTransport({ jsonTransport: true });
const remembering = {
  sendMail: async (message) => {
    const answer = await transport.sendMail(message);
    sent.push(JSON.parse(answer.message));
    return answer;
  },
};
const alertSink = emailSink({ transport: remembering, from: "shop@shop.test", to: ["ann@shop.test"] });
const tracker = createIssueTracker({ store: createMemoryStore(), alertSink });
await tracker.projects.save({ id: "shop" });
await tracker.digest({ projectId: "shop", type: "TypeError", value: "x is undefined" });
await tracker.settled();
await tracker.close();
assert.deepEqual(
  sent.map(({ to }) => to),
  [[{ address: "ann@shop.test", name: "" }]],
);
assert.match(sent[0].subject, /TypeError/u);
