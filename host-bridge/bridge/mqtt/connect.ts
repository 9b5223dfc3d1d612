/** The client library, as the publisher wants it. */
import { connect as open, type IClientOptions } from 'mqtt';
import type { MqttClient, MqttWill } from './publisher';

export interface MqttAccess {
  url: string;
  clientId?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** PEM. */
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** Milliseconds between two tries to connect. */
const AGAIN = 5_000;

export function connect(access: MqttAccess, will: MqttWill): MqttClient {
  const { url, ...rest } = access;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const options: IClientOptions = { ...given, protocolVersion: 5, clean: true, reconnectPeriod: AGAIN, connectTimeout: 10_000, keepalive: 30, will, properties: { sessionExpiryInterval: 0 } };
  return open(url, options) as unknown as MqttClient;
}
