import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { EngineState } from '../engine-state.ts';

export function retentionHandlers(state: EngineState): EngineHandlers['retention'] {
  return {
    policy: () => state.current().retention.policy(),
    setPolicy({ policy }) {
      const open = state.current();
      open.requireWritable();
      open.retention.setPolicy(policy);
      return policy;
    },
    preview({ policy }) {
      const { retention } = state.current();
      return retention.preview(policy ?? retention.policy());
    },
    async apply({ policy, evenOpen, compact }, { signal }) {
      const open = state.current();
      open.requireWritable();
      return await open.retention.apply(policy ?? open.retention.policy(), { evenOpen, compact }, signal);
    },
    archives: () => state.current().retention.archives(),
    async restore(wanted, { signal }) {
      const open = state.current();
      open.requireWritable();
      return await open.retention.restore(wanted, signal);
    },
  };
}
