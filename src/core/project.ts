import { ALERT_KINDS, type AlertKind } from "./alert.ts";
import { invalidInput, orElse, refuseOtherMembers, requireBoolean, requireObject, requireText } from "./input.ts";

/** Which alerts a project wants. A switched-off alert changes no state and no history. */
export type AlertSwitches = Readonly<Record<AlertKind, boolean>>;

/** A scope for events, of the host's choosing. */
export interface Project {
  /** The host's id of it: 1 to {@link MAX_PROJECT_ID_LENGTH} characters. */
  readonly id: string;
  /** Its short name, the first half of friendly ids. Unique, without regard to upper and lower case. */
  readonly slug: string;
  /** See {@link AlertSwitches}. */
  readonly alerts: AlertSwitches;
}

/** A project as a host describes it. What is left out stays as it was saved before, if it was. */
export interface ProjectInput {
  /** See {@link Project.id}. */
  readonly id: string;
  /** 1 to 50 letters, digits, "_" and "-", the first a letter or digit. At first: the id, if that is such a text. */
  readonly slug?: string;
  /** Which alerts it wants. At first: all of them. */
  readonly alerts?: Partial<AlertSwitches>;
}

/** The longest project id, in UTF-16 code units. */
export const MAX_PROJECT_ID_LENGTH = 200;

const SLUG = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/u;

/** The id of a project from anywhere. */
export function parseProjectId(value: unknown): string {
  return requireText("project.id", requireObject("project", value)["id"], 1, MAX_PROJECT_ID_LENGTH);
}

/**
 * Checks a project from anywhere.
 *
 * @param before - the project as it was saved before, if it was
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseProject(value: unknown, before: Project | undefined): Project {
  const given = requireObject("project", value);
  refuseOtherMembers("project", given, ["id", "slug", "alerts"]);
  const id = parseProjectId(value);
  const slug = orElse(given["slug"], before?.slug ?? id);
  if (typeof slug !== "string" || !SLUG.test(slug)) {
    throw invalidInput("project.slug", slug, `1 to 50 letters, digits, "_" and "-", the first a letter or digit`);
  }
  return { id, slug, alerts: parseSwitches(orElse(given["alerts"], {}), before?.alerts) };
}

function parseSwitches(value: unknown, before: AlertSwitches | undefined): AlertSwitches {
  const given = requireObject("project.alerts", value);
  refuseOtherMembers("project.alerts", given, ALERT_KINDS);
  const isOn = (kind: AlertKind): boolean =>
    requireBoolean(`project.alerts.${kind}`, orElse(given[kind], before?.[kind] ?? true));
  return { "new-issue": isOn("new-issue"), regression: isOn("regression"), unmute: isOn("unmute") };
}

/** The two halves of a friendly id. */
export interface FriendlyId {
  /** The project's slug, in upper case. */
  readonly slugKey: string;
  /** The number. */
  readonly number: number;
}

/** A slug as slugs are compared: in upper case. */
export function slugKeyOf(slug: string): string {
  return slug.toUpperCase();
}

/** An issue's id for people: `SHOP-12`. */
export function friendlyIdOf(slug: string, number: number): string {
  return `${slugKeyOf(slug)}-${String(number)}`;
}

/** Reads a friendly id, in upper or lower case; `undefined` if the text is none. */
export function parseFriendlyId(text: string): FriendlyId | undefined {
  const match = /^(.{1,50})-([1-9]\d{0,14})$/su.exec(text);
  const [, slug, digits] = match ?? [];
  if (slug === undefined || digits === undefined || !SLUG.test(slug)) return undefined;
  return { slugKey: slugKeyOf(slug), number: Number(digits) };
}
