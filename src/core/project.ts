import type { AlertKind } from "./alert-reason.ts";
import { invalidInput, requireBoolean, requireText } from "./input.ts";
import { arrayOf, integer, nullable, object, optional, text, type Shape } from "./shape.ts";
import { NO_WATCH, projectWatchInput, type ProjectWatch, type ProjectWatchInput } from "./watch.ts";

/** Which kinds of alerts a project raises. The switches change no state and no history. */
export type AlertSwitches = Readonly<Record<AlertKind, boolean>>;

/** A scope for events that the host chooses, such as an app or a service. */
export interface Project {
  /** Chosen by the host: 1 to {@link MAX_PROJECT_ID_LENGTH} characters. */
  readonly id: string;
  /** Its short name, the first part of friendly ids. Unique, ignoring case. */
  readonly slug: string;
  readonly alerts: AlertSwitches;
  /** What its open issues are watched for. */
  readonly watch: ProjectWatch;
  /**
   * The environments whose events may change states; `null`: all. Events of others are only counted: they open issues that are seen
   * only there, and make no regression, no unmute, no release and no alert.
   */
  readonly stateEnvironments: readonly string[] | null;
  /** `tick` resolves open issues that had no event for so many milliseconds; `null`: it does not. */
  readonly autoResolveAfterMs: number | null;
}

/** A project to save. Members that are left out keep their saved values; their defaults are for new projects. */
export interface ProjectInput {
  /** 1 to {@link MAX_PROJECT_ID_LENGTH} characters. */
  readonly id: string;
  /** 1 to 50 letters, digits, "_" and "-", the first a letter or digit. Default: the id, if it is a valid slug. */
  readonly slug?: string;
  /** Which kinds of alerts to raise. Default: all. */
  readonly alerts?: Partial<AlertSwitches>;
  /** What its open issues are watched for. Default: nothing. */
  readonly watch?: ProjectWatchInput;
  /**
   * The environments whose events may change states, 1 to {@link MAX_STATE_ENVIRONMENTS}; `""` stands for events without one.
   * `null`, the default: all.
   */
  readonly stateEnvironments?: readonly string[] | null;
  /**
   * After how many milliseconds without an event `tick` resolves an open issue, {@link MIN_AUTO_RESOLVE_MS} to
   * {@link MAX_AUTO_RESOLVE_MS}. `null`, the default: never.
   */
  readonly autoResolveAfterMs?: number | null;
}

/** The shortest time without an event after which issues are resolved: an hour, in milliseconds. */
export const MIN_AUTO_RESOLVE_MS = 3_600_000;

/** The longest time without an event after which issues are resolved: 3,650 days, in milliseconds. */
export const MAX_AUTO_RESOLVE_MS = 3_650 * 86_400_000;

/** The longest environment, in UTF-16 code units. */
export const MAX_ENVIRONMENT_LENGTH = 200;

/** The most environments whose events may change states, where not all do. */
export const MAX_STATE_ENVIRONMENTS = 100;

/** The longest project id, in UTF-16 code units. */
export const MAX_PROJECT_ID_LENGTH = 200;

/** The shape of an environment: blanks at its ends are dropped. */
export const environmentInput: Shape<string> = (field, value) =>
  requireText(field, value, 0, MAX_ENVIRONMENT_LENGTH).trim();

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
          loud: optional(requireBoolean),
        },
        `{ alerts: { "new-issue": false } }`,
      ),
    ),
    watch: optional(projectWatchInput),
    stateEnvironments: optional(
      nullable(arrayOf(environmentInput, 1, MAX_STATE_ENVIRONMENTS, `{ stateEnvironments: ["production"] }`)),
    ),
    autoResolveAfterMs: optional(nullable(integer(MIN_AUTO_RESOLVE_MS, MAX_AUTO_RESOLVE_MS))),
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
  const { id, slug, alerts = {}, watch, stateEnvironments, autoResolveAfterMs } = projectInput("project", value);
  const isOn = (kind: AlertKind): boolean => alerts[kind] ?? before?.alerts[kind] ?? true;
  return {
    id,
    slug: slug ?? before?.slug ?? requireSlug("project.slug", id),
    alerts: {
      "new-issue": isOn("new-issue"),
      regression: isOn("regression"),
      unmute: isOn("unmute"),
      loud: isOn("loud"),
    },
    watch: watch ?? before?.watch ?? NO_WATCH,
    stateEnvironments:
      stateEnvironments === undefined ? (before?.stateEnvironments ?? null) : withoutRepetitions(stateEnvironments),
    autoResolveAfterMs: autoResolveAfterMs === undefined ? (before?.autoResolveAfterMs ?? null) : autoResolveAfterMs,
  };
}

function withoutRepetitions(environments: readonly string[] | null): readonly string[] | null {
  return environments === null ? null : [...new Set(environments)];
}

/** Whether events of an environment may change states. */
export function mayChangeStates(
  { stateEnvironments }: Pick<Project, "stateEnvironments">,
  environment: string,
): boolean {
  return stateEnvironments === null || stateEnvironments.includes(environment);
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
