/** Dockerfiles with a fault: what the linters have to say something about. */

/** For each rule of BuildKit, lines that break it. `context` has a file `a`; `ignore` leaves it out. */
export const BREAKS_BUILDKIT: Record<string, { readonly lines: string; readonly ignore?: string }> = {
  ConsistentInstructionCasing: { lines: 'FROM scratch AS one\nCOPY a /b\ncopy a /c' },
  CopyIgnoredFile: { lines: 'FROM scratch AS one\nCOPY a /b', ignore: 'a\n' },
  DuplicateStageName: { lines: 'FROM scratch AS one\nFROM scratch AS one' },
  ExposeInvalidFormat: { lines: 'FROM scratch AS one\nEXPOSE 127.0.0.1:80:80' },
  ExposeProtoCasing: { lines: 'FROM scratch AS one\nEXPOSE 80/TCP' },
  FromAsCasing: { lines: 'FROM scratch as one' },
  FromPlatformFlagConstDisallowed: { lines: 'FROM --platform=linux/amd64 scratch AS one' },
  InvalidDefaultArgInFrom: { lines: 'ARG TAG\nFROM python:${TAG} AS one' },
  InvalidDefinitionDescription: { lines: '# check=experimental=all\n# a word about it\nFROM scratch AS one' },
  JSONArgsRecommended: { lines: 'FROM scratch AS one\nCMD echo' },
  LegacyKeyValueFormat: { lines: 'FROM scratch AS one\nENV a b' },
  MaintainerDeprecated: { lines: 'FROM scratch AS one\nMAINTAINER x' },
  MultipleInstructionsDisallowed: { lines: 'FROM scratch AS one\nCMD ["a"]\nCMD ["b"]' },
  NoEmptyContinuation: { lines: 'FROM scratch AS one\nCOPY a \\\n\n  /b' },
  RedundantTargetPlatform: { lines: 'FROM --platform=$TARGETPLATFORM scratch AS one' },
  ReservedStageName: { lines: 'FROM scratch AS context' },
  SecretsUsedInArgOrEnv: { lines: 'FROM scratch AS one\nENV API_TOKEN=x' },
  StageNameCasing: { lines: 'FROM scratch AS One' },
  UndefinedArgInFrom: { lines: 'FROM ${BASE} AS one' },
  UndefinedVar: { lines: 'FROM scratch AS one\nCOPY $name /b' },
  WorkdirRelativePath: { lines: 'FROM scratch AS one\nWORKDIR a' },
};

/** What hadolint and checkov say of the same file. */
export const BAD = {
  dockerfile: [
    'FROM debian:latest', 'MAINTAINER somebody', 'ENV PASSWORD=hunter2', 'WORKDIR relative', 'ADD a /b', 'RUN sudo apt-get update', 'USER root', 'CMD echo hello', '',
  ].join('\n'),
  hadolint: ['DL3000', 'DL3002', 'DL3004', 'DL3007', 'DL3020', 'DL3025', 'DL3064', 'DL3066', 'DL4000'],
  checkov: ['CKV2_DOCKER_1', 'CKV_DOCKER_10', 'CKV_DOCKER_2', 'CKV_DOCKER_4', 'CKV_DOCKER_5', 'CKV_DOCKER_6', 'CKV_DOCKER_7', 'CKV_DOCKER_8'],
};
