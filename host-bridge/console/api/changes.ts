/** Follows what the desk says has changed about an application, and has it read anew. Where the stream does not stand, looks often instead. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

const KEYS: Readonly<Record<string, readonly string[]>> = { application: [], use: ['live', 'uses', 'strokes'], unit: ['live'], talk: ['messages'] };

/** Whether the stream stands. */
export function useChanges(id: string): boolean {
  const queries = useQueryClient();
  const [stands, setStands] = useState(false);
  useEffect(() => {
    const again = (what: string): void => {
      const parts = KEYS[what] ?? [];
      if (parts.length === 0) void queries.invalidateQueries({ queryKey: ['applications', id] });
      for (const part of parts) void queries.invalidateQueries({ queryKey: ['applications', id, part] });
      if (what === 'use' || what === 'application') void queries.invalidateQueries({ queryKey: ['permits'] });
    };
    const stream = new EventSource(`/v1/applications/${id}/changes`);
    stream.addEventListener('open', () => {
      setStands(true);
      // What came before the stream stood is not told.
      again('application');
    });
    stream.addEventListener('error', () => setStands(false));
    stream.addEventListener('changed', (event) => {
      let changed: unknown;
      try {
        changed = JSON.parse((event as MessageEvent<string>).data);
      } catch {
        changed = ['application'];
      }
      for (const what of Array.isArray(changed) ? changed : []) again(String(what));
    });
    return () => stream.close();
  }, [id, queries]);
  return stands;
}
