import { openDatabase } from "./database.ts";
import { startHost } from "./host.ts";

/*
 * Runs the shop until SIGINT or SIGTERM: node serve.ts, with DATABASE_URL and PORT in the environment.
 */
const db = openDatabase(process.env["DATABASE_URL"]);
const host = await startHost({
  db,
  release: "shop@1.0.0",
  port: Number(process.env["PORT"] ?? 3_000),
  alertSink: (alert) => {
    console.log(`${alert.subject}: ${alert.text}`);
  },
});
console.log(`The shop listens on ${host.url}`);

async function stop(): Promise<void> {
  await host.close();
  await db.destroy();
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void stop();
  });
}
