import type { Alert } from "../core/alert.ts";

/**
 * Delivers an alert to people: sends the e-mail, posts to the chat. The callback a host plugs in.
 *
 * An alert counts as delivered when the function returns, or when the promise it returns is fulfilled. When it throws or
 * rejects, the alert stays due and is tried again later; nothing else is affected. An alert may arrive more than once
 * (the process may end between delivery and the note of it): recognise it by {@link Alert.id}.
 *
 * It is called outside any transaction, one alert at a time, oldest first. It may use the tracker, but must not wait for
 * the tracker's `settled`, `close` or `alerts.deliver`, which wait for it; and it should give up in time, as nothing else
 * is delivered meanwhile.
 *
 * @param alert - what a person should hear of
 */
export type AlertSink = (alert: Alert) => void | Promise<void>;
