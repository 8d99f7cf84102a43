import { alertShape } from "../core/alert-shape.ts";
import type { Alert } from "../core/alert.ts";
import { DUE_AT_ONCE, outboxPositionOf, type OutboxEntry, type OutboxPosition } from "../ports/alert-outbox.ts";
import { isTurnLong, pause } from "../ports/pause.ts";
import { compareBytes, isAmong } from "./bytes.ts";
import { idAt, idPart, ID_BYTES, numberAt, NUMBER_BYTES, numberPart, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within, type Session } from "./session.ts";
import { OUTBOX_STATUS_CODES, readAlertState, type AlertState } from "./stored-alert.ts";
import { jsonBytes, NO_BYTES, readJson, unlessDamaged } from "./values.ts";

/** An alert whose state can be read. */
export interface AlertRow {
  readonly id: string;
  readonly state: AlertState;
}

/** A pending alert of an issue. */
interface Pending {
  readonly id: string;
  readonly turningPoint: number;
  readonly dueAt: number;
}

/** The state of an alert that is due at once. */
const NEW_STATE = {
  status: OUTBOX_STATUS_CODES.pending,
  at: DUE_AT_ONCE,
  attempts: 0,
  lastError: null,
  memo: null,
  lease: null,
  reason: "",
  user: null,
};

/** The value of a key by time, if the alert is leased. */
const LEASED = Uint8Array.of(1);

/**
 * The alerts, and the keys by which they are found. Of each issue only the pending alerts with the lowest turning point are among
 * those to claim in order: so the others, which have to wait, cost a claim nothing.
 */
export class Alerts {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The value of an alert. */
  async body(id: string): Promise<Uint8Array | undefined> {
    const alert = idPart(id);
    return alert && (await this.#session.get(KEYS.alert(alert)));
  }

  /**
   * The state of an alert; `undefined` if there is none.
   *
   * @throws `IssueLifecycleError` `corrupt-data`
   */
  async state(id: string): Promise<AlertState | undefined> {
    const alert = idPart(id);
    const bytes = alert && (await this.#session.get(KEYS.alertState(alert)));
    return bytes && readAlertState(bytes);
  }

  /** An alert, if its state can be read. */
  async row(id: string): Promise<AlertRow | undefined> {
    const state = await unlessDamaged(() => this.state(id), undefined);
    return state && { id, state };
  }

  /** Adds alerts that are due at once. */
  async add(alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) {
      const part = requireIdPart(alert.id);
      await this.#session.put(KEYS.alert(part), jsonBytes(alert));
      if (alert.issue !== null) {
        await this.#session.put(KEYS.alertOfIssue(requireIdPart(alert.issue.id), part), NO_BYTES);
      }
      await this.put(alert.id, await this.state(alert.id), {
        ...NEW_STATE,
        issueId: alert.issue?.id ?? null,
        turningPoint: alert.turningPoint ?? 0,
      });
    }
  }

  /** Adds an alert in its state. */
  async restore({ alert, state, attempts, lastError, memo }: OutboxEntry): Promise<void> {
    await this.add([alert]);
    const before = await this.state(alert.id);
    if (before === undefined) return;
    const { at } = outboxPositionOf({ alert, state });
    const discarded = state.status === "discarded" ? state : undefined;
    await this.put(alert.id, before, {
      ...before,
      status: OUTBOX_STATUS_CODES[state.status],
      at,
      attempts,
      lastError,
      memo,
      reason: discarded?.reason ?? "",
      user: discarded?.by.kind === "user" ? discarded.by.id : null,
    });
  }

  /** Replaces the value of an alert, if it is stored. */
  async replace(alert: Alert): Promise<void> {
    if ((await this.body(alert.id)) === undefined) return;
    await this.#session.put(KEYS.alert(requireIdPart(alert.id)), jsonBytes(alert));
  }

  /** Replaces the state of an alert. */
  async put(id: string, before: AlertState | undefined, state: AlertState): Promise<void> {
    const alert = requireIdPart(id);
    if (before !== undefined) await this.#session.remove(KEYS.alertByTime(before.status, before.at, alert));
    await this.#session.put(KEYS.alertState(alert), jsonBytes(state));
    await this.#session.put(KEYS.alertByTime(state.status, state.at, alert), state.lease === null ? NO_BYTES : LEASED);
    await this.#putPending(alert, before, state);
  }

  /** Removes an alert. */
  async remove({ id, state }: AlertRow): Promise<void> {
    const alert = requireIdPart(id);
    await this.#session.remove(KEYS.alertByTime(state.status, state.at, alert));
    await this.#putPending(alert, state, undefined);
    if (state.issueId !== null) {
      await this.#session.remove(KEYS.alertOfIssue(requireIdPart(state.issueId), alert));
    }
    await this.removeDamaged(id);
  }

  /** Removes an alert whose state cannot be read. Keys that still lead to it lead to nothing. */
  async removeDamaged(id: string): Promise<void> {
    const alert = requireIdPart(id);
    await this.#session.remove(KEYS.alertState(alert));
    await this.#session.remove(KEYS.alert(alert));
  }

  /**
   * An alert whose state could not be read, as one that was never tried. Removes the keys that lead to it, wherever they are: so this
   * reads those of all alerts.
   */
  async repaired(id: string): Promise<AlertRow | undefined> {
    const alert = idPart(id);
    if (alert === undefined || (await this.#session.get(KEYS.alertState(alert))) === undefined) return undefined;
    for (const prefix of [KEYS.allAlertsByTime, KEYS.alertsToClaim, KEYS.allPending]) {
      for await (const [key] of this.#session.scan(within(prefix))) {
        if (compareBytes(key.slice(-ID_BYTES), alert) !== 0) continue;
        await this.#session.remove(key);
        if (prefix !== KEYS.allPending) continue;
        for (const first of await this.#toClaim(idAt(key, prefix.length))) await this.#session.put(first, NO_BYTES);
      }
    }
    const state = { ...NEW_STATE, issueId: null, turningPoint: 0 };
    await this.put(id, undefined, state);
    return { id, state };
  }

  /** Removes all alerts of an issue. */
  async removeOf(issueId: string): Promise<void> {
    const issue = requireIdPart(issueId);
    const bounds = within(KEYS.alertsOfIssue(issue));
    for await (const [key] of this.#session.scan(bounds)) {
      const id = idAt(key, key.length - ID_BYTES);
      const row = await this.row(id);
      if (row === undefined) await this.removeDamaged(id);
      else await this.remove(row);
    }
    await this.#session.removeAll(bounds);
    await this.#session.removeAll(within(KEYS.pendingOfIssue(issue)));
  }

  /** Removes a project's alerts that are about no issue. Looks at the states of all alerts. */
  async removeOfProject(projectId: string): Promise<void> {
    for await (const [key] of this.#session.scan(within(KEYS.alertStates))) {
      if (isTurnLong()) await pause();
      const id = idAt(key, key.length - ID_BYTES);
      const row = await this.row(id);
      if (row?.state.issueId !== null) continue;
      const body = await this.body(id);
      const alert = body && (await unlessDamaged(() => readJson("an alert", body, alertShape), undefined));
      if (alert?.project.id === projectId) await this.remove(row);
    }
  }

  /** The pending alerts of an issue, lowest turning point first. */
  async pendingOf(issueId: string): Promise<Pending[]> {
    const issue = idPart(issueId);
    const pending: Pending[] = [];
    if (issue === undefined) return pending;
    for await (const [key, dueAt] of this.#session.scan(within(KEYS.pendingOfIssue(issue)))) {
      pending.push(pendingAt(key, dueAt));
    }
    return pending;
  }

  /** The pending alerts of an issue with the lowest turning point: those that do not have to wait for others. */
  async firstOf(issueId: string): Promise<Pending[]> {
    const issue = idPart(issueId);
    const first: Pending[] = [];
    if (issue === undefined) return first;
    for await (const [key, dueAt] of this.#session.scan(within(KEYS.pendingOfIssue(issue)), { expected: 2 })) {
      const pending = pendingAt(key, dueAt);
      if (pending.turningPoint !== (first[0] ?? pending).turningPoint) break;
      first.push(pending);
    }
    return first;
  }

  /** Adds an alert to those of its issue that are pending, moves it among them, or removes it. */
  async #putPending(alert: Uint8Array, before: AlertState | undefined, after: AlertState | undefined): Promise<void> {
    const issueId = before?.issueId ?? after?.issueId ?? null;
    if (issueId === null) {
      if (isPending(before)) await this.#session.remove(KEYS.alertToClaim(before.at, alert));
      if (isPending(after)) await this.#session.put(KEYS.alertToClaim(after.at, alert), NO_BYTES);
      return;
    }
    const issue = requireIdPart(issueId);
    const firstBefore = await this.#toClaim(issueId);
    if (isPending(before)) await this.#session.remove(KEYS.pending(issue, before.turningPoint, alert));
    if (isPending(after)) {
      await this.#session.put(KEYS.pending(issue, after.turningPoint, alert), numberPart(after.at));
    }
    const first = await this.#toClaim(issueId);
    for (const key of firstBefore) if (!isAmong(first, key)) await this.#session.remove(key);
    for (const key of first) if (!isAmong(firstBefore, key)) await this.#session.put(key, NO_BYTES);
  }

  /** The keys of an issue's alerts that can be claimed in order. */
  async #toClaim(issueId: string): Promise<Uint8Array[]> {
    return (await this.firstOf(issueId)).map(({ id, dueAt }) => KEYS.alertToClaim(dueAt, requireIdPart(id)));
  }
}

/** The position of a key that ends in an instant and the id of an alert. */
export function positionAt(key: Uint8Array): OutboxPosition {
  const place = key.length - ID_BYTES;
  return { at: numberAt(key, place - NUMBER_BYTES), id: idAt(key, place) };
}

/** Whether an alert is pending. */
export function isPending(state: AlertState | undefined): state is AlertState {
  return state?.status === OUTBOX_STATUS_CODES.pending;
}

function pendingAt(key: Uint8Array, dueAt: Uint8Array): Pending {
  const { at: turningPoint, id } = positionAt(key);
  return { id, turningPoint, dueAt: numberAt(dueAt, 0) };
}
