export * from '../../shared/numbers.ts';
