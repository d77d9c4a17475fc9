import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import 'react-grid-layout/css/styles.css';
import '../ui/theme.css';
import { connect } from '../client/client.ts';
import { saveCanvasOnLeaving } from '../state/canvas.ts';
import { watchCase } from '../state/case.ts';
import { reportError } from '../state/notices.ts';
import { App } from './app.tsx';

// The content security policy forbids eval, which zod's compiled validators would use.
z.config({ jitless: true });
window.addEventListener('error', (event) => reportError(event.error ?? event.message, 'The window'));
window.addEventListener('unhandledrejection', (event) => reportError(event.reason, 'The window'));
// A file dropped beside a drop target must not replace the application.
window.addEventListener('dragover', (event) => event.preventDefault());
window.addEventListener('drop', (event) => event.preventDefault());

connect();
watchCase();
saveCanvasOnLeaving();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
