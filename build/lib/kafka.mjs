import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inCache } from './paths.mjs';
import { run, which } from './run.mjs';
import { say, step } from './say.mjs';

// A real Apache Kafka for the tests of its connector: its jars from Maven's repository, as no package of Debian has them.

const VERSION = '3.9.1';
/** The folder of the jars, once they are there. */
export const KAFKA_JARS = inCache(`kafka-${VERSION}`);

// With slf4j-simple it says on standard error why it does not start.
const POM = `<project><modelVersion>4.0.0</modelVersion><groupId>tidemark</groupId><artifactId>kafka-for-tests</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency></dependencies></project>
`;
const MINUTES = 5;

/** Brings Kafka where Java and Maven are installed. Without it its tests are left out, and say so. */
export async function ensureKafka() {
  if (existsSync(KAFKA_JARS) || !which('java') || !which('mvn')) return;
  await step(`fetching Apache Kafka ${VERSION} for tests`, async () => {
    mkdirSync(inCache(), { recursive: true });
    const folder = mkdtempSync(inCache('kafka-new-'));
    try {
      writeFileSync(path.join(folder, 'pom.xml'), POM);
      const jars = path.join(folder, 'jars');
      const { code, out } = await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`], { cwd: folder, merge: true, timeout: MINUTES * 60_000 });
      if (code === 0 && !existsSync(KAFKA_JARS)) renameSync(jars, KAFKA_JARS);
      if (code !== 0) say(`setup: Maven could not fetch it: ${out.trim().slice(-300)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
