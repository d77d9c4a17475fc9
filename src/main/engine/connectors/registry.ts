/** Every connector of the product. A new one is a file or folder and a line here. */
import type { Connector } from './connector.ts';
import { gitConnector } from './git/index.ts';
import { httpJsonConnector } from './http-json/index.ts';
import { kafkaConnector } from './kafka/index.ts';
import { jaegerConnector } from './jaeger/index.ts';
import { otlpConnector } from './otlp/index.ts';
import { syslogConnector } from './syslog/index.ts';
import { tailConnector } from './tail/index.ts';
import { websocketConnector } from './websocket/index.ts';
import { prometheus } from './prometheus/index.ts';

export const connectors: readonly Connector[] = [gitConnector, syslogConnector, httpJsonConnector, tailConnector, prometheus, kafkaConnector, jaegerConnector, otlpConnector, websocketConnector];
