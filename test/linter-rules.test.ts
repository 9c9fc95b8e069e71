/** docs/linter-rules.md: complete, true, and shown on the Dockerfiles of the examples. The linters themselves run in test/e2e/linters.test.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { appWith, filesUnder } from './declare';
import { RULES_FILE, ruleRows } from './e2e/linters/rule-table';
import { PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

const ROWS = ruleRows();
const THIS = 'test/linter-rules.test.ts';

/** One instruction, on one line, without the text of files that it writes. */
interface Line { readonly keyword: string; readonly text: string; readonly line: number }
interface StageLines { readonly name: string; readonly from: string; readonly lines: readonly Line[] }
interface Dockerfile { readonly text: string; readonly stages: readonly StageLines[]; readonly lines: readonly Line[] }

function read(text: string): Dockerfile {
  const lines = DockerfileParser.parse(text).getInstructions().map((instruction): Line => ({
    keyword: instruction.getInstruction(),
    text: instruction.getTextContent().replace(/^(COPY .*<<-?'?\w+'?.*)\n[^]*/, '$1').replace(/\\\n\s*/g, ''),
    line: instruction.getRange().start.line,
  }));
  const starts = lines.flatMap(({ keyword }, index) => keyword === 'FROM' ? [index] : []);
  const stages = starts.map((start, index) => {
    const [, from, name = ''] = /^FROM +(?:--\S+ +)*(\S+)(?: +AS +(\S+))?/i.exec(lines[start].text)!;
    return { from, lines: lines.slice(start + 1, starts[index + 1]), name };
  });
  return { lines, stages, text };
}

/** Something that no Dockerfile of ours has, the rules that look for it, and one that has it. */
interface Shown {
  readonly rules: readonly string[];
  readonly what: string;
  /** What there is of it. */
  readonly finds: (file: Dockerfile) => readonly unknown[];
  readonly bad: string;
}

const all = (file: Pick<Dockerfile, 'lines'>, ...keywords: string[]) => file.lines.filter(({ keyword }) => keywords.includes(keyword));
const texts = (lines: readonly Line[], pattern: RegExp) => lines.filter(({ text }) => pattern.test(text));
const twice = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);
const final = (file: Dockerfile) => file.stages[file.stages.length - 1];
const hasInterpreter = (file: Dockerfile) => /python|\/venv\//.test(final(file).lines.find(({ keyword }) => keyword === 'ENTRYPOINT')?.text ?? '');
const none = (rules: readonly string[], what: string, finds: Shown['finds'], bad: string): Shown => ({ rules, what, finds, bad });
const onRun = (rules: readonly string[], what: string, pattern: RegExp, bad: string) => (
  none(rules, what, file => texts(all(file, 'RUN'), pattern), `FROM scratch AS one\nRUN ${bad}`));
const onVariable = (rules: readonly string[], name: string) => (
  none(rules, name, file => texts(all(file, 'ENV', 'ARG', 'RUN'), new RegExp(`\\b${name}=`)), `FROM scratch AS one\nENV ${name}=0`));
const several = (rules: readonly string[], keyword: string) => (
  none(rules, `second ${keyword} in a stage`, file => file.stages.flatMap(stage => stage.lines.filter(line => line.keyword === keyword).slice(1)),
    `FROM scratch AS one\n${keyword} ["a"]\n${keyword} ["b"]`));
/** Rolling tags of Chainguard, which are acknowledged. */
const isAcknowledgedTag = (reference: string) => /^cgr\.dev\/chainguard\/[a-z-]+:latest$/.test(reference);
const isImage = (file: Dockerfile, reference: string) => reference !== 'scratch' && !file.stages.some(({ name }) => name === reference);

const SHOWN: readonly Shown[] = [
  none(['ConsistentInstructionCasing'], 'instruction in small letters',
    file => file.lines.filter(({ keyword }) => keyword !== keyword.toUpperCase()), 'FROM scratch AS one\ncopy a /b'),
  none(['FromAsCasing'], "'as' in small letters",
    file => texts(all(file, 'FROM'), /\bas\b/), 'FROM scratch as one'),
  none(['StageNameCasing'], 'stage name in capitals, and no stage without a name',
    file => file.stages.filter(({ name }) => !/^[a-z][a-z0-9_.-]*$/.test(name)), 'FROM scratch AS One'),
  none(['ReservedStageName', 'DL3063'], 'reserved stage name',
    file => file.stages.filter(({ name }) => ['scratch', 'context'].includes(name)), 'FROM scratch AS context'),
  none(['DuplicateStageName', 'DL3024', 'CKV_DOCKER_11'], 'second stage of one name',
    file => twice(file.stages.map(({ name }) => name)), 'FROM scratch AS one\nFROM scratch AS one'),
  none(['UndefinedArgInFrom', 'InvalidDefaultArgInFrom'], 'variable in FROM',
    file => texts(all(file, 'FROM'), /\$(?!BUILDPLATFORM\b)/), 'FROM ${BASE} AS one'),
  none(['FromPlatformFlagConstDisallowed', 'RedundantTargetPlatform', 'DL3029', 'DL3065'], 'platform in FROM',
    file => texts(all(file, 'FROM'), /--platform/), 'FROM --platform=linux/amd64 scratch AS one'),
  none(['DL3061'], 'instruction before FROM',
    file => file.lines.slice(0, 1).filter(({ keyword }) => keyword !== 'FROM'), 'ENV A=b\nFROM scratch AS one'),
  none(['DL3006'], 'image without a tag',
    file => file.stages.filter(({ from }) => isImage(file, from) && !/:[^/]+$/.test(from)), 'FROM debian AS one'),
  none(['DL3007', 'CKV_DOCKER_7'], 'image tagged latest but those acknowledged',
    file => file.stages.filter(({ from }) => /:latest$/.test(from) && !isAcknowledgedTag(from)), 'FROM debian:latest AS one'),
  none(['InvalidDefinitionDescription'], 'comment right above FROM or ARG',
    file => all(file, 'FROM', 'ARG').filter(({ line }) => /^\s*#/.test(file.text.split('\n')[line - 1] ?? '')), '# a word\nFROM scratch AS one'),
  none(['NoEmptyContinuation'], 'empty line after a backslash',
    file => file.text.match(/\\\n\s*\n/g) ?? [], 'FROM scratch AS one\nCOPY a \\\n\n /b'),
  none(['DL1001'], 'comment that switches a linter off',
    file => file.text.match(/^\s*#.*(hadolint|checkov|skip|ignore)=?/gm) ?? [], '# hadolint ignore=DL3006\nFROM debian AS one'),
  none(['JSONArgsRecommended', 'DL3025'], 'ENTRYPOINT or CMD as a shell line',
    file => all(file, 'ENTRYPOINT', 'CMD').filter(({ text }) => !isJson(text)), 'FROM scratch AS one\nCMD echo hi'),
  none(['MaintainerDeprecated', 'DL4000', 'CKV_DOCKER_6'], 'MAINTAINER',
    file => all(file, 'MAINTAINER'), 'FROM scratch AS one\nMAINTAINER me'),
  none(['DL3020', 'CKV_DOCKER_4'], 'ADD, but of an archive by its checksum',
    file => all(file, 'ADD').filter(({ text }) => !text.startsWith('ADD --checksum=')), 'FROM scratch AS one\nADD a /b'),
  none(['DL3043'], 'ONBUILD',
    file => all(file, 'ONBUILD'), 'FROM scratch AS one\nONBUILD RUN true'),
  several(['MultipleInstructionsDisallowed', 'DL4003'], 'CMD'),
  several(['MultipleInstructionsDisallowed', 'DL4004'], 'ENTRYPOINT'),
  several(['MultipleInstructionsDisallowed', 'DL3012'], 'HEALTHCHECK'),
  none(['LegacyKeyValueFormat'], 'ENV or LABEL without =',
    file => all(file, 'ENV', 'LABEL').filter(({ text }) => !/^\w+ [\w.-]+=/.test(text)), 'FROM scratch AS one\nENV a b'),
  none(['DL3044'], 'ENV that uses its own variables',
    file => all(file, 'ENV').filter(({ text }) => [...text.matchAll(/(\w+)=/g)].some(([, name]) => name !== 'PATH' && new RegExp(`(?<!\\\\)\\$\\{?${name}\\b`).test(text))), 'FROM scratch AS one\nENV A=b C="$A"'),
  none(['SecretsUsedInArgOrEnv', 'DL3064'], 'ENV or ARG named like a secret',
    file => texts(all(file, 'ENV', 'ARG'), /[ _](password|secret|token|key|passwd|credentials?|auth)(_\w+)?=/i), 'FROM scratch AS one\nENV API_TOKEN=x'),
  none(['WorkdirRelativePath', 'DL3000', 'CKV_DOCKER_10'], 'WORKDIR that is not absolute',
    file => all(file, 'WORKDIR').filter(({ text }) => !/^WORKDIR "?\//.test(text)), 'FROM scratch AS one\nWORKDIR app'),
  none(['DL3045'], 'COPY to a path that is not absolute',
    file => all(file, 'COPY').filter(({ text }) => !/[ "]\/[^ ]*"?\]?$/.test(text)), 'FROM scratch AS one\nCOPY a b'),
  none(['DL3021'], 'COPY of several sources into a target without its slash',
    file => all(file, 'COPY').filter(({ text }) => text.split(' ').slice(1).filter(word => !word.startsWith('--')).length > 2 && !/[["<]/.test(text) && !text.endsWith('/')), 'FROM scratch AS one\nCOPY a b /c'),
  none(['DL3022', 'DL3023'], '--from of a stage that is not above',
    file => file.stages.flatMap((stage, index) => stage.lines.filter(({ text }) => {
      const from = / --from=(\S+)/.exec(text)?.[1];
      return from !== undefined && !file.stages.slice(0, index).some(({ name }) => name === from);
    })), 'FROM scratch AS one\nCOPY --from=one /a /b'),
  none(['DL3067'], 'COPY of a whole file system',
    file => texts(all(file, 'COPY'), / --from=\S+ (--\S+ )*\/ /), 'FROM scratch AS one\nFROM scratch AS two\nCOPY --from=one / /'),
  none(['ExposeProtoCasing', 'ExposeInvalidFormat', 'DL3011'], 'EXPOSE of anything but a port',
    file => all(file, 'EXPOSE').filter(({ text }) => !/^EXPOSE \d{1,5}(\/udp)?$/.test(text) || Number(text.match(/\d+/)) > 65535), 'FROM scratch AS one\nEXPOSE 80/TCP'),
  none(['CKV_DOCKER_1'], 'EXPOSE of port 22',
    file => texts(all(file, 'EXPOSE'), / 22\b/), 'FROM scratch AS one\nEXPOSE 22'),
  none(['DL3066'], 'USER by name',
    file => all(file, 'USER').filter(({ text }) => !/^USER \d+:\d+$/.test(text)), 'FROM scratch AS one\nUSER app'),
  none(['DL3002', 'CKV_DOCKER_3', 'CKV_DOCKER_8'], 'image that runs as root',
    file => [final(file).lines.filter(({ keyword }) => keyword === 'USER').at(-1)?.text ?? 'USER 0'].filter(text => !/^USER [1-9]\d*:/.test(text)), 'FROM scratch AS one\nUSER 1:1\nUSER 0:0'),
  none(['DL3057', 'CKV_DOCKER_2'], 'image with an interpreter and without HEALTHCHECK',
    file => hasInterpreter(file) && !final(file).lines.some(({ keyword }) => keyword === 'HEALTHCHECK') ? ['none'] : [], 'FROM scratch AS one\nENTRYPOINT ["/venv/bin/python"]'),
  none(['DL4005'], 'link in place of the shell',
    file => texts(all(file, 'RUN'), /\bln\b.*\/bin\/sh\b/), 'FROM scratch AS one\nRUN ln -sf /bin/bash /bin/sh'),
  onRun(['DL4006'], 'pipe in RUN', /[^|]\|[^|]/, 'a | b'),
  onRun(['DL3004', 'CKV2_DOCKER_1'], 'sudo', /\bsudo\b/, 'sudo true'),
  onRun(['DL3027', 'CKV_DOCKER_9'], 'apt', /\bapt (?!-)/, 'apt install x'),
  onRun(['DL3046'], 'useradd', /\buseradd\b/, 'useradd -u 99999 x'),
  onRun(['DL3047', 'DL4001', 'CKV2_DOCKER_2', 'CKV2_DOCKER_3'], 'curl or wget', /\b(curl|wget)\b/, 'curl -k https://example.com'),
  onRun(['DL3042'], 'pip install without a mounted cache', /^(?!.*--mount=type=cache).*\bpip\b.* install\b/, 'pip install x'),
  onRun(['DL3014'], 'apt-get install that asks', /\bapt-get (?!.*(-y|--yes|-qq)\b)[^&]*install\b/, 'apt-get install x'),
  onRun(['DL3015'], 'apt-get install with recommended packages', /\bapt-get (?!.*--no-install-recommends)[^&]*install\b/, 'apt-get install -y x'),
  onRun(['DL3009'], 'apt lists left in a layer', /^(?!.*(target=\/var\/lib\/apt|rm -rf \/var\/lib\/apt\/lists)).*\bapt-get .*install\b/, 'apt-get install -y x'),
  onRun(['DL3019'], 'apk cache left in a layer', /^(?!.*(--no-cache|target=\/var\/cache\/apk|target=\/etc\/apk\/cache)).*\bapk .*add\b/, 'apk add x'),
  onRun(['CKV_DOCKER_5'], 'update without install', /\bupdate\b(?!.*\b(install|add)\b)/, 'apt-get update'),
  onRun(['CKV2_DOCKER_4'], 'pip that trusts a host', /--trusted-host/, 'pip install --trusted-host a x'),
  onRun(['CKV2_DOCKER_7', 'CKV2_DOCKER_8'], 'packages without a signature', /--allow-(untrusted|unauthenticated)/, 'apk add --allow-untrusted x'),
  onRun(['CKV2_DOCKER_9', 'CKV2_DOCKER_10', 'CKV2_DOCKER_15'], 'yum, dnf or rpm', /\b(yum|dnf|rpm)\b/, 'yum install --nogpgcheck x'),
  onRun(['CKV2_DOCKER_11'], 'apt-get that forces everything', /--force-yes/, 'apt-get install --force-yes x'),
  onRun(['CKV2_DOCKER_13'], 'npm or yarn', /\b(npm|yarn)\b/, 'npm config set strict-ssl false'),
  onRun(['CKV2_DOCKER_17'], 'chpasswd', /\bchpasswd\b/, 'chpasswd'),
  onVariable(['CKV2_DOCKER_5'], 'PYTHONHTTPSVERIFY'),
  onVariable(['CKV2_DOCKER_6'], 'NODE_TLS_REJECT_UNAUTHORIZED'),
  onVariable(['CKV2_DOCKER_12'], 'NPM_CONFIG_STRICT_SSL'),
  onVariable(['CKV2_DOCKER_14'], 'GIT_SSL_NO_VERIFY'),
  onVariable(['CKV2_DOCKER_16'], 'PIP_TRUSTED_HOST'),
];

function isJson(instruction: string): boolean {
  try {
    return Array.isArray(JSON.parse(instruction.slice(instruction.indexOf(' '))));
  } catch {
    return false;
  }
}

/** A service on the official slim image that needs packages of the distribution. */
function withSystemPackages(): string {
  const { app, application, outdir } = appWith();
  const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
  const systemPackages = { toBuild: ['libpq-dev'], toRun: ['libpq5'] };
  new PythonServiceImage(application, 'api', { source: 'app', base, server: PythonServer.gunicorn('app:app'), systemPackages });
  app.synth();
  return readFileSync(`${outdir}/shop/images/api/Dockerfile`, 'utf8');
}

/** Of the services of every example, as committed; the golden files of Python services (they have a stage `runtime`); and one more. */
const DOCKERFILES = [
  ...Object.entries(filesUnder('examples')).filter(([path]) => basename(path) === 'Dockerfile'),
  ...Object.entries(filesUnder('test/golden')).filter(([path, text]) => path.endsWith('.Dockerfile') && / AS runtime$/m.test(text)),
  ['with system packages', withSystemPackages()] as const,
].map(([path, text]) => [path, read(text)] as const).filter(([, file]) => all(final(file), 'ENTRYPOINT').length > 0);

describe('the Dockerfiles of the examples', () => {
  test('are there, and read as what they are', () => {
    expect(DOCKERFILES.length).toBeGreaterThanOrEqual(20);
    for (const [, file] of DOCKERFILES) {
      expect(file.stages.length).toBeGreaterThan(1);
      expect(final(file).lines.map(({ keyword }) => keyword)).toEqual(expect.arrayContaining(['COPY', 'USER', 'EXPOSE', 'STOPSIGNAL', 'ENTRYPOINT', 'CMD']));
    }
    expect(DOCKERFILES.filter(([, file]) => hasInterpreter(file)).length).toBeGreaterThanOrEqual(2);
    expect(DOCKERFILES.some(([, file]) => texts(all(file, 'RUN'), /apt-get install/).length > 0)).toBe(true);
  });

  test.each(SHOWN.map(shown => [`${shown.what} (${shown.rules.join(', ')})`, shown] as const))('have no %s', (_, { finds, bad }) => {
    expect(DOCKERFILES.map(([path, file]) => [path, finds(file)])).toEqual(DOCKERFILES.map(([path]) => [path, []]));
    expect(finds(read(bad)).length).toBeGreaterThan(0);
  });
});

describe('docs/linter-rules.md', () => {
  test('has a row for each rule, once, and every line of its tables is one', () => {
    expect(ROWS.map(row => row.id).filter((id, index, ids) => ids.indexOf(id) !== index)).toEqual([]);
    const lines = readFileSync(RULES_FILE, 'utf8').split('\n').filter(line => line.startsWith('| ') && line !== '| rule | about | guaranteed by | shown in |');
    expect(ROWS.length).toBe(lines.length);
    const count = (tool: string) => ROWS.filter(row => row.tool === tool).length;
    expect(['BuildKit', 'hadolint', 'checkov'].map(count)).toEqual([22, 73, 28]);
  });

  test('names tests that are there, for every rule but those that it leaves to others or to luck', () => {
    expect(ROWS.flatMap(row => row.tests).filter(path => !existsSync(path))).toEqual([]);
    const open = (guarantee: string) => /^(yours|not guaranteed): /.test(guarantee);
    expect(ROWS.filter(row => open(row.guarantee) !== (row.tests.length === 0)).map(row => row.id)).toEqual([]);
  });

  test('names this file exactly where it shows something', () => {
    const shown = new Set(SHOWN.flatMap(({ rules }) => rules));
    expect(ROWS.filter(row => row.tests.includes(THIS)).map(row => row.id).sort()).toEqual([...shown].sort());
  });

  test('names members, checks and codes of the library that exist', () => {
    const { types } = JSON.parse(readFileSync('.jsii', 'utf8')) as { types: Record<string, { name: string; methods?: { name: string }[]; properties?: { name: string }[] }> };
    const known = new Set(Object.values(types).flatMap(type => [type.name, ...[...type.methods ?? [], ...type.properties ?? []].map(member => `${type.name}.${member.name}`)]));
    const lib = Object.values(filesUnder('lib')).join('\n');
    const text = readFileSync(RULES_FILE, 'utf8');
    const words = [...text.matchAll(/`([A-Z][a-z]\w*(?:\.[a-z]\w*)?)`/g)].map(match => match[1]).filter(word => !ROWS.some(row => row.id === word));
    expect(words.filter(word => !known.has(word))).toEqual([]);
    const codes = [...text.matchAll(/\[([A-Z]+(?:_[A-Z]+)+)\]|check `([A-Z]+(?:_[A-Z]+)+)`/g)].map(match => match[1] ?? match[2]);
    expect(codes.filter(code => !lib.includes(`'${code}'`))).toEqual([]);
    expect([words.length, codes.length].every(count => count > 10)).toBe(true);
  });

  test('names, beside a code, a test that has it', () => {
    const rows = ROWS.flatMap(row => [...row.guarantee.matchAll(/\[([A-Z_]+)\]|check `([A-Z_]+)`/g)].map(match => ({ row, code: match[1] ?? match[2] })));
    const silent = rows.filter(({ row, code }) => row.tests.length > 0 && !row.tests.some(path => readFileSync(path, 'utf8').includes(code)));
    expect(silent.map(({ row, code }) => `${row.id} ${code}`)).toEqual([]);
  });
});
