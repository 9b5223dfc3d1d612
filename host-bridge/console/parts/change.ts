/** Something that changes the desk's state: once, never again by itself; afterwards everything shown is read anew. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

export function useChange<V, T>(change: (value: V) => Promise<T>, then?: (made: T) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (made) => then?.(made),
    // Also after a failure: whether it was done is told by what the desk has.
    onSettled: () => queries.invalidateQueries(),
  });
}
