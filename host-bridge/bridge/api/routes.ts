/** The routes of the bridge but its event stream, its figures and its captures. */
import type { App } from '../../common/app';
import type { Updates } from '../update';
import { catalogueRoutes } from './catalogue';
import type { ApiContext } from './context';
import { deviceRoutes } from './devices';
import { evidenceRoutes } from './evidence';
import { grantRoutes } from './grants';
import { historyRoutes } from './history';
import { leaseRoutes } from './leases';
import { maintainRoutes } from './maintain';
import { peopleRoutes } from './people';
import { permitRoutes } from './permits';
import { updateRoutes } from './update';

export function apiRoutes(app: App, context: ApiContext, updates: Updates): void {
  deviceRoutes(app, context);
  peopleRoutes(app, context);
  permitRoutes(app, context);
  grantRoutes(app, context);
  evidenceRoutes(app, context);
  historyRoutes(app, context);
  leaseRoutes(app, context);
  maintainRoutes(app, context);
  updateRoutes(app, context, updates);
  catalogueRoutes(app, context);
}
