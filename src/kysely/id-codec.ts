import { hash } from "node:crypto";
import { isUuid, requireUuid } from "../core/input.ts";
import type { GroupRef } from "../ports/issue-store.ts";

/** The bytes of a UUID; `undefined` for a text that is none, or not in its canonical form. */
export function tryEncodeUuid(uuid: string): Uint8Array | undefined {
  return isUuid(uuid) ? Buffer.from(uuid.replaceAll("-", ""), "hex") : undefined;
}

/** The bytes of a UUID. */
export function encodeUuid(uuid: string): Uint8Array {
  return Buffer.from(requireUuid("id", uuid).replaceAll("-", ""), "hex");
}

/** The UUID with these bytes. */
export function decodeUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The bytes that stand for a group in its index: no two groups have the same. */
export function hashGroup({ strategy, key }: GroupRef): Uint8Array {
  return hash("sha256", Buffer.from(`${String(strategy.length)}:${strategy}${key}`, "utf16le"), "buffer");
}
