import { count } from "../core/shape.ts";
import { KEYS } from "./keys.ts";
import type { Session } from "./session.ts";
import { jsonBytes, readJson } from "./values.ts";

/** A new internal number of a project or line: they keep keys short. */
export async function nextNumber(session: Session): Promise<number> {
  const bytes = await session.get(KEYS.lastNumber);
  const next = bytes === undefined ? 1 : readJson("the last internal number", bytes, count) + 1;
  await session.put(KEYS.lastNumber, jsonBytes(next));
  return next;
}
