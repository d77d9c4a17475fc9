export * from '../../shared/time.ts';
