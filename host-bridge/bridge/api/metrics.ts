/** Figures in the text format of Prometheus (prometheus.io, "Exposition formats"). */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import type { ApiContext } from './context';

export function metricsRoute(app: App, context: ApiContext): void {
  app.get(
    '/metrics',
    { config: { scope: 'read', endless: true }, schema: { operationId: 'getMetrics', tags: ['process'], summary: 'Figures for Prometheus', response: { 200: { description: 'Text format 0.0.4', content: { 'text/plain': { schema: Type.String() } } } } } },
    async (_request, reply) => {
      const lines: string[] = [];
      const family = (name: string, type: 'gauge' | 'counter', help: string, rows: [labels: string, value: number][]): void => {
        lines.push(`# HELP smartseal_${name} ${help}`, `# TYPE smartseal_${name} ${type}`);
        for (const [labels, value] of rows) lines.push(`smartseal_${name}${labels} ${value}`);
      };
      const totals = await context.spool.totals();
      family('devices_connected', 'gauge', 'Devices with a live session', [['', context.fleet.size]]);
      family('devices_known', 'gauge', 'Devices with a link key', [['', context.keys.size]]);
      family('port_ready', 'gauge', '1 while a device is connected at the port', context.ports.map((port) => [`{port=${label(port.name)}}`, port.state.name === 'ready' ? 1 : 0]));
      family('records', 'gauge', 'Records stored', [['', totals.records]]);
      family('photos', 'gauge', 'Photos by state', totals.photos.map(({ state, n }) => [`{state=${label(state)}}`, n]));
      family('incidents', 'gauge', 'Incidents noted', [['', totals.incidents]]);
      family('deliveries_waiting', 'gauge', 'Permits and grants not yet handed over', [['', await context.deliveries.waiting()]]);
      family(
        'link_total',
        'counter',
        'Counters of the link since start',
        context.ports.flatMap((port) => Object.entries(port.counters ?? {}).map(([what, n]): [string, number] => [`{port=${label(port.name)},what=${label(what)}}`, Number(n)])),
      );
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return reply.send(`${lines.join('\n')}\n`);
    },
  );
}

function label(value: string): string {
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}
