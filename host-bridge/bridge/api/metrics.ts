/** Figures for Prometheus (prometheus.io, "Exposition formats"), collected when they are asked for. */
import { Histogram, type Registry } from 'prom-client';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import type { ApiContext } from './context';
import { figures, lasting } from './figures';

export interface MetricsSources {
  registry: Registry;
  /** Bytes of disk free, and left free. */
  freeBytes(): number;
  reserve: number;
  storeFailed(): boolean;
}

/** Milliseconds for which the totals of the database count: they are a walk over an index. */
export const TOTALS_FOR = 15_000;

export function metricsRoute(app: App, context: ApiContext, { registry, freeBytes, reserve, storeFailed }: MetricsSources): void {
  const figure = figures(registry);
  const total = lasting(context.clock, TOTALS_FOR, () => context.spool.totals());

  figure('devices_connected', 'Devices with a live session', [], (set) => set(context.fleet.size));
  figure('devices_known', 'Devices with a link key', [], (set) => set(context.keys.size));
  figure('ports', 'Ports by state', ['state'], (set) => {
    const states = new Map<string, number>();
    for (const { state } of context.ports) states.set(state.name, (states.get(state.name) ?? 0) + 1);
    for (const [state, n] of states) set(n, state);
  });
  figure('port_ready', '1 while a device is connected at the port', ['port'], (set) => {
    for (const port of context.ports) set(port.state.name === 'ready' ? 1 : 0, port.name);
  });
  figure('port_faults_total', 'What kept the port from being ready, since start', ['port', 'code'], (set) => {
    for (const port of context.ports) for (const [code, n] of port.faults) set(n, port.name, code);
  });
  figure('link_total', 'Counters of the link since start', ['port', 'what'], (set) => {
    for (const port of context.ports) for (const [what, n] of Object.entries(port.counters ?? {})) set(Number(n), port.name, what);
  });
  figure('link_damage_total', 'Pieces between delimiters that were no frame, since start', ['port', 'kind'], (set) => {
    for (const port of context.ports) for (const [kind, n] of Object.entries(port.tap.damage)) if (n > 0) set(n, port.name, kind);
  });
  figure('records', 'Records stored', [], async (set) => set((await total()).records));
  figure('photos', 'Photos by state', ['state'], async (set) => {
    for (const { state, n } of (await total()).photos) set(n, state);
  });
  figure('incidents', 'Incidents noted', [], async (set) => set((await total()).incidents));
  figure('deliveries_waiting', 'Permits and grants not yet handed over', [], async (set) => set(await context.deliveries.waiting()));
  figure('disk_free_bytes', 'Bytes free where photos lie', [], (set) => {
    const free = freeBytes();
    if (Number.isFinite(free)) set(free);
  });
  figure('disk_reserve_bytes', 'Bytes left free: below, photos and permits wait', [], (set) => set(reserve));
  figure('store_failed', '1 after the database or the disk has failed', [], (set) => set(storeFailed() ? 1 : 0));

  const requests = new Histogram({
    name: 'smartseal_http_request_seconds', help: 'Calls of the API', labelNames: ['method', 'route', 'status'], registers: [registry], buckets: [0.002, 0.01, 0.05, 0.2, 1, 5, 30],
  });
  app.addHook('onResponse', (request, reply, done) => {
    requests.observe({ method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });

  app.get(
    '/metrics',
    { config: { scope: 'read', endless: true }, schema: { operationId: 'getMetrics', tags: ['process'], summary: 'Figures for Prometheus', response: { 200: { description: 'Text format 0.0.4', content: { 'text/plain': { schema: Type.String() } } } } } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
