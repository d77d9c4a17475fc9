/** What a parse worker says to its manager and waits for: what is to be done with a member, and credit for more batches. */
import type { MessagePort } from 'node:worker_threads';
import type { FromWorker, MemberAnswer, Task } from './parse-protocol.ts';

/** How many batches of a file may be on their way. */
const CREDITS = 3;

export const cancelled = (task: Task): boolean => Atomics.load(new Int32Array(task.cancel), 0) !== 0;

export class ManagerLine {
  readonly #port: MessagePort;
  readonly #answers = new Map<number, (answer: MemberAnswer) => void>();
  readonly #credits = new Map<number, { left: number; wake: (() => void) | null }>();

  constructor(port: MessagePort) {
    this.#port = port;
  }

  send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  async ask(message: FromWorker & { type: 'member' }): Promise<MemberAnswer> {
    return await new Promise((resolve) => {
      this.#answers.set(message.task, resolve);
      this.send(message);
    });
  }
  answered(task: number, answer: MemberAnswer): void {
    const resolve = this.#answers.get(task);
    this.#answers.delete(task);
    resolve?.(answer);
  }

  /** From now on what the task sends takes credit; other tasks send what they have at once. */
  pace(task: number): void {
    this.#credits.set(task, { left: CREDITS, wake: null });
  }
  /** Waits until one more batch of the task may be on its way. */
  async takeCredit(task: number): Promise<void> {
    const credit = this.#credits.get(task);
    if (!credit) return;
    while (credit.left <= 0) await new Promise<void>((wake) => (credit.wake = wake));
    credit.left--;
  }
  credited(task: number): void {
    const credit = this.#credits.get(task);
    if (!credit) return;
    credit.left++;
    const { wake } = credit;
    credit.wake = null;
    wake?.();
  }

  ended(task: number): void {
    this.#answers.delete(task);
    this.#credits.delete(task);
  }
}
