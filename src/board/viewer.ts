import { requireBoolean } from "../core/input.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import { arrayOf, object, optional, text, type Shape } from "../core/shape.ts";
import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";

/** The person who looks at the board. */
export interface BoardUser {
  /** Your id of the person, 1 to 200 characters. Histories name it as the actor of what the person does. */
  readonly id: string;
  /** The name to show; default: the id. */
  readonly name?: string;
  /** The ids of the projects that the person may see, at most 1,000; or `"all"`. All other projects do not exist for the person. */
  readonly projects: readonly string[] | "all";
  /** Whether the person may change anything: resolve, mute, comment, change settings. */
  readonly mayChange: boolean;
}

const projectIds = arrayOf(text(1, MAX_PROJECT_ID_LENGTH), 0, 1_000, `{ projects: ["shop"] }`);
const projects: Shape<readonly string[] | "all"> = (field, value) =>
  value === "all" ? value : [...new Set(projectIds(field, value))];

const boardUser = object(
  {
    id: text(1, MAX_USER_ID_LENGTH),
    name: optional(text(1, 200)),
    projects,
    mayChange: requireBoolean,
  } satisfies Record<keyof BoardUser, Shape<unknown>>,
  `{ id: "ann", projects: ["shop"], mayChange: true }`,
);

/** A checked {@link BoardUser}. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly projects: readonly string[] | "all";
  readonly mayChange: boolean;
}

/** Checks what a host's `authorize` returned for a person. */
export function parseViewer(value: unknown): Viewer {
  const { name, ...user } = boardUser("options.authorize()", value);
  return { ...user, name: name ?? user.id };
}

/** Whether a person may see a project. */
export function maySee({ projects: allowed }: Viewer, projectId: string): boolean {
  return allowed === "all" || allowed.includes(projectId);
}
