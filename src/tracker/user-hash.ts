import { v5 as uuidv5 } from "uuid";

/** The namespace of users. */
const USERS = "6d1f2b0e-6d4c-5f6a-9c1e-2f1d8a3b7c54";

/**
 * What is stored of a user: 32 hexadecimal digits of a hash (a UUID of version 5) keyed by the project, so that nobody can tell
 * from them whether two projects have the same users.
 */
export function userHash(projectId: string, userId: string): string {
  // The length says where the project's id ends.
  return uuidv5(utf16Of(`${String(projectId.length)} ${projectId}${userId}`), USERS).replaceAll("-", "");
}

/** The bytes of a text in UTF-16, in which different texts are different bytes, those with lone surrogates too. */
function utf16Of(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[2 * index] = unit & 0xff;
    bytes[2 * index + 1] = unit >> 8;
  }
  return bytes;
}
