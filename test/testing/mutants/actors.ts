import { withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store that replaces other users too. */
function replacing(isMeant: (id: string, user: string) => boolean): Mutant["open"] {
  return onTables((inner, tables) => ({
    replaceActor: async (request) => {
      const points = [...tables.ofIssue.values()].flatMap(({ turningPoints }) => turningPoints);
      const users = new Set(points.flatMap(({ by }) => (by.kind === "user" ? by.id : [])));
      let changed = 0;
      for (const user of users) {
        if (isMeant(user, request.user)) changed += (await inner.replaceActor({ ...request, user })).changed;
      }
      return { changed, next: null };
    },
  }));
}

export const actorMutants: readonly Mutant[] = [
  {
    name: "replaces users whose ids differ in case only",
    seenBy: "actor-replaced",
    open: replacing((id, user) => id.toLowerCase() === user.toLowerCase()),
  },
  {
    name: "replaces users whose ids differ in blanks at the end only",
    seenBy: "actor-replaced",
    open: replacing((id, user) => id.trimEnd() === user),
  },
  {
    name: "replaces users whose ids begin alike",
    seenBy: "actor-replaced",
    open: replacing((id, user) => id.startsWith(user)),
  },
  {
    name: "does not replace who has discarded alerts",
    seenBy: "actor-replaced",
    open: onTables((inner, tables) => ({
      replaceActor: async (request) => {
        const alerts = [...tables.alerts];
        const step = await inner.replaceActor(request);
        for (const [id, row] of alerts) tables.alerts.set(id, row);
        return step;
      },
    })),
  },
  {
    name: "replaces users in one project only",
    seenBy: "actor-replaced",
    open: onTables((inner, tables) => ({
      replaceActor: async (request) => {
        const others = [...tables.ofIssue].filter(([id]) => tables.issues.get(id)?.projectId !== "shop");
        const step = await inner.replaceActor(request);
        for (const [id, row] of others) tables.ofIssue.set(id, row);
        return step;
      },
    })),
  },
  {
    name: "counts no entry of a replaced user",
    seenBy: "actor-replacement-steps",
    open: withMethods((inner) => ({
      replaceActor: async (request) => ({ ...(await inner.replaceActor(request)), changed: 0 }),
    })),
  },
  {
    name: "does not go on after the first step of a replacement",
    seenBy: "actor-replacement-steps",
    open: onTables((inner, tables) => ({
      replaceActor: async (request) => {
        const others = [...tables.ofIssue].slice(request.limit);
        const step = await inner.replaceActor(request);
        for (const [id, row] of others) tables.ofIssue.set(id, row);
        return step;
      },
    })),
  },
];
