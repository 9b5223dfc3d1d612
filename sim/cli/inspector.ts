/** The inspection of pages for a bench office, on this computer's clock; its process begins with the first page that is compared. */
import { memoryOf, systemClock } from '../../host-bridge/cli/system';
import type { InspectionService } from '../../host-bridge/inspection';
import type { Inspector } from '../scenario/page-check';

/** Nobody waits in a queue here, and the computer may be busy: ms. */
const TIME_MS = 120_000;

export function inspector(): Inspector {
  let service: InspectionService | undefined;
  return {
    inspect: (asked) => {
      const { InspectionService: Service } = require('../../host-bridge/inspection') as typeof import('../../host-bridge/inspection');
      return (service ??= new Service({ clock: systemClock(), memoryOf, limits: { timeMs: TIME_MS } })).inspect(asked);
    },
    close: () => service?.close(),
  };
}
