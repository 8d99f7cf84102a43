import type { AlertKind } from "./alert-reason.ts";
import { invalidInput, requireBoolean, requireText } from "./input.ts";
import { object, optional, text, type Shape } from "./shape.ts";

/** Which kinds of alerts a project raises. The switches change no state and no history. */
export type AlertSwitches = Readonly<Record<AlertKind, boolean>>;

/** A scope for events that the host chooses, such as an app or a service. */
export interface Project {
  /** Chosen by the host: 1 to {@link MAX_PROJECT_ID_LENGTH} characters. */
  readonly id: string;
  /** Its short name, the first part of friendly ids. Unique, ignoring case. */
  readonly slug: string;
  readonly alerts: AlertSwitches;
}

/** A project to save. Members that are left out keep their saved values; their defaults are for new projects. */
export interface ProjectInput {
  /** 1 to {@link MAX_PROJECT_ID_LENGTH} characters. */
  readonly id: string;
  /** 1 to 50 letters, digits, "_" and "-", the first a letter or digit. Default: the id, if it is a valid slug. */
  readonly slug?: string;
  /** Which kinds of alerts to raise. Default: all. */
  readonly alerts?: Partial<AlertSwitches>;
}

/** The longest project id, in UTF-16 code units. */
export const MAX_PROJECT_ID_LENGTH = 200;

const SLUG = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/u;

const projectInput = object(
  {
    id: text(1, MAX_PROJECT_ID_LENGTH),
    slug: optional(requireSlug),
    alerts: optional(
      object<Partial<AlertSwitches>>(
        {
          "new-issue": optional(requireBoolean),
          regression: optional(requireBoolean),
          unmute: optional(requireBoolean),
        },
        `{ alerts: { "new-issue": false } }`,
      ),
    ),
  } satisfies Record<keyof ProjectInput, Shape<unknown>>,
  `{ id: "shop" }`,
);

/** Checks a {@link ProjectInput} and returns its id. */
export function parseProjectId(value: unknown): string {
  return projectInput("project", value).id;
}

/**
 * Checks a project. What it leaves out stays as it was saved before.
 *
 * @param value - a {@link ProjectInput}, unchecked
 * @param before - the project as it was saved before; `undefined` for a new one
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseProject(value: unknown, before: Project | undefined): Project {
  const { id, slug, alerts = {} } = projectInput("project", value);
  const isOn = (kind: AlertKind): boolean => alerts[kind] ?? before?.alerts[kind] ?? true;
  return {
    id,
    slug: slug ?? before?.slug ?? requireSlug("project.slug", id),
    alerts: { "new-issue": isOn("new-issue"), regression: isOn("regression"), unmute: isOn("unmute") },
  };
}

function requireSlug(field: string, value: unknown): string {
  if (typeof value === "string" && SLUG.test(value)) return value;
  throw invalidInput(
    field,
    value,
    `1 to 50 letters, digits, "_" and "-", the first a letter or digit, as in "web-shop"`,
  );
}

/** The parts of a friendly id. */
export interface FriendlyId {
  /** The project's slug, in upper case. */
  readonly slugKey: string;
  /** The number. */
  readonly number: number;
}

/** The key by which slugs are compared: the slug in upper case. */
export function slugKeyOf(slug: string): string {
  return requireText("slug", slug, 0, Number.MAX_SAFE_INTEGER).toUpperCase();
}

/** Returns an issue's human-readable id: `SHOP-12`. */
export function friendlyIdOf(slug: string, number: number): string {
  return `${slugKeyOf(slug)}-${String(number)}`;
}

/** Reads a friendly id, ignoring case; `undefined` if the text is not one. */
export function parseFriendlyId(text: string): FriendlyId | undefined {
  const match = /^(.{1,50})-([1-9]\d{0,14})$/su.exec(requireText("text", text, 0, Number.MAX_SAFE_INTEGER));
  const [, slug, digits] = match ?? [];
  if (slug === undefined || digits === undefined || !SLUG.test(slug)) return undefined;
  return { slugKey: slugKeyOf(slug), number: Number(digits) };
}
