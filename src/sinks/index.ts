/**
 * Alert sinks that are ready to use: a signed webhook, Slack, e-mail, and a router that makes one sink of several. They need Node,
 * and no package; e-mail needs a transport of the host's, such as one of nodemailer's.
 *
 * @module sinks
 */
export { isPublicAddress } from "./address-rule.ts";
export type { AddressLookup } from "./address-lookup.ts";
export type { EmailTransport } from "./email-delivery.ts";
export type { EmailMessage } from "./email-message.ts";
export { emailSink, type EmailRecipients, type EmailSinkOptions } from "./email-sink.ts";
export type { HttpTargetOptions } from "./http-target.ts";
export { routeAlerts, type AlertRoute, type RoutingOptions } from "./route-alerts.ts";
export { slackSink, type SlackSinkOptions } from "./slack-sink.ts";
export {
  verifyWebhook,
  type HeaderReader,
  type ReceivedWebhook,
  type WebhookHeaders,
  type WebhookRefusal,
  type WebhookVerdict,
} from "./verify-webhook.ts";
export { createWebhookSecret } from "./webhook-secret.ts";
export { webhookSink, type WebhookSinkOptions } from "./webhook-sink.ts";
