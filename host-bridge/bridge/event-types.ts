/**
 * Every type of event a bridge tells of, as docs/connect-your-oa.md lists them. One who asks for a type that is none would wait for
 * ever: so it is refused where it is asked for.
 */
export const EVENT_TYPES = [
  'device.ready', 'device.down', 'device.state', 'time.wanted', 'permit', 'grant', 'use', 'photo', 'alarm', 'record', 'incident', 'update', 'port', 'reset',
] as const;
