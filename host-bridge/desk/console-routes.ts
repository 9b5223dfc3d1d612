/**
 * The console's files (`npm run build` makes them), served below /console/. Nothing in them is secret: what they show comes from the
 * routes below /v1, and those ask who calls.
 */
import type {} from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { App } from '../common/app';

/**
 * Content Security Policy Level 3, with no exception: scripts and styles are files of ours, nothing is framed, no other host is asked,
 * and a text becomes script nowhere (Trusted Types; the one policy names the service worker's own address).
 */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'",
  "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", 'trusted-types smartseal',
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=(), usb=()',
} as const;

/** Files whose names change with their content. */
const LASTING = /^assets\/[\w.-]+$/;
/** Pictures that the page and the manifest both name: good for a day. All else is asked for again each time. */
const DAILY = /^icon(-\d+)?\.(png|svg)$/;
/** Files that stand beside the page. */
const BESIDE = /^(sw\.js|manifest\.webmanifest|icon(-\d+)?\.(png|svg))$/;

/** @param folder where the built console is */
export async function consoleRoutes(app: App, folder: string): Promise<void> {
  const { default: fastifyStatic } = await import('@fastify/static');
  await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false, dotfiles: 'deny', index: false });
  const open = { config: { scope: 'open' }, schema: { hide: true } } as const;
  const toConsole = async (_request: unknown, reply: FastifyReply) => reply.redirect('/console/', 302);
  app.get('/', open, toConsole);
  app.get('/console', open, toConsole);
  app.get<{ Params: { '*': string } }>('/console/*', open, async (request, reply) => {
    const name = request.params['*'];
    const lasting = LASTING.test(name);
    reply.headers({ ...HEADERS, 'cache-control': lasting ? 'public, max-age=31536000, immutable' : DAILY.test(name) ? 'public, max-age=86400' : 'no-cache' });
    // Every other address is a page of the console, which the browser itself tells apart.
    return reply.sendFile(lasting || BESIDE.test(name) ? name : 'index.html');
  });
}
