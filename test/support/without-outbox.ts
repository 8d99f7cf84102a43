import type { Alert, IssueStore } from "../../src/index.ts";
import type { StoreReader, StoreTransaction } from "../../src/ports/issue-store.ts";

/** The same store without its outbox. It fails when it is given alerts. */
export function withoutOutbox(store: IssueStore): IssueStore {
  return {
    transaction: (work) => store.transaction((transaction) => work(hideOutbox(transaction))),
    read: (work) => store.read((reader) => work(hideOutbox(reader))),
    close: () => store.close(),
  };
}

function hideOutbox<Access extends StoreReader | StoreTransaction>(access: Access): Access {
  return new Proxy(access, {
    get(target, name) {
      const member: unknown = name === "outbox" ? undefined : Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...parameters: [{ readonly alerts?: readonly Alert[] }]): unknown => {
        if (name === "write" && parameters[0].alerts !== undefined) throw new Error("This store keeps no alerts.");
        return Reflect.apply(member, target, parameters);
      };
    },
  });
}
