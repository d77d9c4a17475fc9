export * from '../../shared/unsafe-text.ts';
