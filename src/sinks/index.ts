/**
 * Alert sinks: a signed webhook, Slack, e-mail, and a router that makes one sink of several. They need Node and no package; for
 * e-mail you pass a transport, such as one of nodemailer.
 *
 * @module sinks
 */
export { isPublicAddress } from "./address-rule.ts";
export { type AlertRoute, type RoutingOptions } from "./alert-route.ts";
export type { EmailTransport } from "./email-delivery.ts";
export type { EmailMessage } from "./email-message.ts";
export { emailSink, type EmailRecipients, type EmailSinkOptions } from "./email-sink.ts";
export type { AddressLookup } from "./host-lookup.ts";
export type { HttpTargetOptions } from "./http-target.ts";
export { routeAlerts } from "./route-alerts.ts";
export { slackSink, type SlackSinkOptions } from "./slack-sink.ts";
export {
  verifyWebhook,
  type HeaderReader,
  type ReceivedWebhook,
  type WebhookHeaders,
  type WebhookRefusal,
  type WebhookVerification,
} from "./verify-webhook.ts";
export { createWebhookSecret } from "./webhook-signature.ts";
export { webhookSink, type WebhookSinkOptions } from "./webhook-sink.ts";
