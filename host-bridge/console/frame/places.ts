/** The places of the console, and the operation of the desk that each is for: who may not call it does not see the place. */
import type { Me } from '../api/client';

export interface Place {
  path: string;
  name: 'home' | 'apply' | 'applications' | 'tasks' | 'register' | 'units' | 'cases' | 'seals' | 'ceremonies' | 'people' | 'remote' | 'papers' | 'statistics' | 'archives' | 'rules' | 'organisation' | 'settings' | 'security';
  needs?: string;
  /** Outline of its picture, 24 × 24. */
  icon: string;
}

export const PLACES: readonly Place[] = [
  { path: '/', name: 'home', icon: 'M3 11l9-8 9 8v9a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z' },
  { path: '/apply', name: 'apply', needs: 'applications.add', icon: 'M12 5v14M5 12h14' },
  { path: '/tasks', name: 'tasks', needs: 'applications.decide', icon: 'M4 12l5 5L20 6' },
  { path: '/applications', name: 'applications', needs: 'applications.read', icon: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7' },
  { path: '/register', name: 'register', needs: 'register.read', icon: 'M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM9 9h6M9 13h6' },
  { path: '/cases', name: 'cases', needs: 'cases.read', icon: 'M12 4l9 16H3zM12 10v5M12 17.5v.5' },
  { path: '/units', name: 'units', needs: 'cases.read', icon: 'M5 8h14v11H5zM9 8V5h6v3M9 14h6' },
  { path: '/seals', name: 'seals', needs: 'cards.read', icon: 'M9 4h6l-1 7h3v4H7v-4h3zM6 19h12' },
  { path: '/ceremonies', name: 'ceremonies', needs: 'custody.read', icon: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM16 11a3 3 0 1 0 0-6M3 20c0-3 2-5 5-5s5 2 5 5M16 15c3 0 5 2 5 5' },
  { path: '/people', name: 'people', needs: 'people.read', icon: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3-7 8-7s8 3 8 7' },
  { path: '/remote', name: 'remote', needs: 'uses.grant', icon: 'M3 6h13v12H3zM16 10l5-3v10l-5-3M7 14h5' },
  { path: '/papers', name: 'papers', needs: 'applications.read', icon: 'M6 3h9l4 4v14H6zM9 14l2 2 4-5' },
  { path: '/statistics', name: 'statistics', needs: 'register.read', icon: 'M4 20h16M7 20v-7M12 20V6M17 20v-10' },
  { path: '/archives', name: 'archives', needs: 'archive.make', icon: 'M4 4h16v5H4zM6 9v11h12V9M10 13h4' },
  { path: '/rules', name: 'rules', needs: 'people.read', icon: 'M5 5h6v4H5zM13 15h6v4h-6zM8 9v8h5' },
  { path: '/organisation', name: 'organisation', needs: 'people.read', icon: 'M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4' },
  { path: '/security', name: 'security', needs: 'security.read', icon: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-5' },
  { path: '/settings', name: 'settings', needs: 'people.read', icon: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4' },
];

export const may = (me: Me, operation: string): boolean => me.may.includes(operation);
export const placesOf = (me: Me): Place[] => PLACES.filter(({ needs }) => needs === undefined || may(me, needs));
