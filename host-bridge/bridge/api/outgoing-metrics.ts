/** Figures of what goes out: webhooks, the broker, and events that were not had. */
import type { Registry } from 'prom-client';
import type { Clock } from '../../common/clock';
import type { EventLog } from '../../common/events';
import type { Held } from '../held';
import type { MqttPublisher } from '../mqtt/publisher';
import type { BridgeSchema } from '../tables';
import type { Sender } from '../webhooks/sender';
import type { WebhookStore } from '../webhooks/store';
import { figures, lasting } from './figures';
import { TOTALS_FOR } from './metrics';

export interface OutgoingSources {
  registry: Registry;
  clock: Clock;
  events: EventLog<BridgeSchema>;
  held: Held;
  webhooks: WebhookStore;
  sender: Sender;
  mqtt: MqttPublisher | undefined;
}

export function outgoingMetrics({ registry, clock, events, held, webhooks, sender, mqtt }: OutgoingSources): void {
  const figure = figures(registry);
  const backlogs = lasting(clock, TOTALS_FOR, () => webhooks.backlogs());
  const age = (at: number | undefined): number => (at === undefined ? 0 : Math.max(0, clock.wall() - at) / 1000);

  figure('webhook_on', '1 while the webhook is switched on', ['webhook'], async (set) => {
    for (const { id, on } of await backlogs()) set(on ? 1 : 0, id);
  });
  figure('webhook_messages_total', 'Messages since start: delivered; refused and unreachable (a try each); dead, put aside', ['webhook', 'result'], async (set) => {
    for (const { id } of await backlogs()) for (const [result, n] of Object.entries(sender.tally(id))) set(n, id, result);
  });
  figure('webhook_waiting', 'Events that the webhook has still to get', ['webhook'], async (set) => {
    for (const { id, waiting } of await backlogs()) set(waiting, id);
  });
  figure('webhook_dead_letters', 'Messages put aside', ['webhook'], async (set) => {
    for (const { id, dead } of await backlogs()) set(dead, id);
  });
  figure('webhook_lag_seconds', 'Age of the oldest event that the webhook has still to get', ['webhook'], async (set) => {
    for (const { id, oldestAt } of await backlogs()) set(age(oldestAt), id);
  });
  if (mqtt !== undefined) {
    figure('mqtt_connected', '1 while the broker is connected', [], (set) => set(mqtt.figures.connected ? 1 : 0));
    figure('mqtt_events_total', 'Events since start: published, which the broker has; failed, pages of them that are tried again', ['result'], (set) => {
      set(mqtt.figures.published, 'published');
      set(mqtt.figures.failed, 'failed');
    });
    const behind = lasting(clock, TOTALS_FOR, () => events.behind(mqtt.figures.through));
    figure('mqtt_waiting', 'Events that the broker has still to get', [], async (set) => set((await behind()).waiting));
    figure('mqtt_lag_seconds', 'Age of the oldest event that the broker has still to get', [], async (set) => set(age((await behind()).oldestAt)));
  }
  figure('events', 'Events kept', [], async (set) => {
    const { oldest, newest } = await events.bounds();
    set(newest === 0 ? 0 : newest - oldest + 1);
  });
  figure('events_given_up_total', 'Events since start that went before a webhook or the broker had them', [], (set) => set(held.lost));
}
