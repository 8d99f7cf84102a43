import { v5 as uuidv5 } from "uuid";
import { utf16Of } from "../core/text.ts";

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
