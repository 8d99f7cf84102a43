import type { Alert } from "../core/alert.ts";

/**
 * Delivers an alert to people: sends the e-mail, posts to the chat. The callback a host plugs in.
 *
 * An alert counts as delivered when the function returns, or when the promise it returns is fulfilled. When it throws or
 * rejects, the alert stays due and is tried again later; nothing else is affected. An alert may arrive more than once
 * (the process may end between delivery and the note of it): recognise it by {@link Alert.id}.
 *
 * It is called outside any transaction, one alert at a time, oldest first.
 *
 * @param alert - what a person should hear of
 */
export type AlertSink = (alert: Alert) => void | Promise<void>;
