/** What helps when something does not work: the captured frames of a device or of a port. */
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { COMMON, Problem } from '../../common/errors';
import { DeviceId } from '../../common/schema';
import type { Captures, Ring } from '../capture';
import { BRIDGE } from '../faults';
import { pcapng } from '../pcapng';
import { known, type ApiContext } from './context';

const COMMENT = 'Heads of frames, and messages without what is secret in them. Keys, nonces, MACs, grants, records and photos were left out when it was captured.';
const Capture = { description: 'A pcapng file, link type USER0; take it apart with protocol/wireshark/smartseal.lua', content: { 'application/x-pcapng': { schema: Type.Unsafe<Buffer>(Type.String()) } } };

export function supportRoutes(app: App, context: ApiContext, captures: Captures, version: string): void {
  const answer = (reply: FastifyReply, ring: Ring | undefined, name: string): Buffer => {
    if (ring === undefined || ring.count === 0) throw new Problem(COMMON.NOT_FOUND, `nothing captured of ${name}`);
    const file = pcapng({ name, program: `smartseal bridge ${version}`, comment: COMMENT, packets: ring.packets() });
    reply.header('cache-control', 'private, no-store').header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]+/g, '-')}.pcapng"`).type('application/x-pcapng');
    return file;
  };

  app.get(
    '/v1/devices/:device/capture',
    {
      config: { scope: 'admin', errors: [BRIDGE.UNKNOWN_DEVICE, COMMON.NOT_FOUND], endless: true },
      schema: { operationId: 'getDeviceCapture', tags: ['support'], summary: 'The newest frames and messages of a device', description: COMMENT, params: Type.Object({ device: DeviceId }), response: { 200: Capture } },
    },
    async (request, reply) => {
      known(context, request.params.device);
      return answer(reply, captures.findDevice(request.params.device), request.params.device);
    },
  );

  app.get(
    '/v1/capture',
    {
      config: { scope: 'admin', errors: [COMMON.NOT_FOUND], endless: true },
      schema: {
        operationId: 'getPortCapture', tags: ['support'], summary: 'What went over a port while no device was known there', description: COMMENT,
        querystring: Type.Object({ port: Type.String({ minLength: 1, maxLength: 300, description: 'Name of the port, as /v1/ports has it' }) }, { additionalProperties: false }),
        response: { 200: Capture },
      },
    },
    async (request, reply) => answer(reply, captures.findPort(request.query.port), request.query.port),
  );
}
