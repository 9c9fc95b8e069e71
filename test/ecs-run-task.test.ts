import { spawnSync } from 'node:child_process';
import { folder } from './declare';
import { RUN_TASK_PROGRAM } from '../lib/targets/ecs/run-task-program';

/** AWS, as far as the program asks for it: each task ends with the next of `codes`, or never. */
const AWS = `
import json, os
ANSWERS = json.loads(os.environ['ANSWERS'])
class Ecs:
    def run_task(self, **asked):
        print('run', asked['taskDefinition'], asked['networkConfiguration']['awsvpcConfiguration']['subnets'])
        if ANSWERS['codes'] and ANSWERS['codes'][0] == 'none':
            return {'tasks': [], 'failures': [{'reason': 'RESOURCE:MEMORY'}]}
        return {'tasks': [{'taskArn': 'arn:aws:ecs:x:1:task/shop/t1'}]}
    def describe_tasks(self, **asked):
        if not ANSWERS['codes']:
            return {'tasks': [{'lastStatus': 'RUNNING', 'containers': []}]}
        code = ANSWERS['codes'].pop(0)
        own = {'name': 'migrate', **({} if code is None else {'exitCode': code})}
        return {'tasks': [{'lastStatus': 'STOPPED', 'stoppedReason': 'it has ended', 'containers': [{'name': 'files', 'exitCode': 0}, own]}]}
class CloudFormation:
    def describe_stacks(self, **asked):
        return {'Stacks': [{'StackStatus': ANSWERS['stack']}]}
def client(name):
    return {'ecs': Ecs, 'cloudformation': CloudFormation}[name]()
`;

const RESPONSE = `
SUCCESS, FAILED = 'SUCCESS', 'FAILED'
def send(event, context, status, data, name=None, noEcho=False, reason=None):
    print(status, name, reason)
`;

const RUN = `
import index, json, os, types
left = iter([60_000] * 3 + [0] * 100)
index.time.sleep = lambda _: None
index.handler(json.loads(os.environ['EVENT']), types.SimpleNamespace(get_remaining_time_in_millis=lambda: next(left)))
`;

/** What the program does and answers, line by line. */
function answer(requestType: string, { codes = [0], stack = 'UPDATE_IN_PROGRESS', retries = 0 }: { codes?: unknown[]; stack?: string; retries?: number } = {}): string[] {
  const cwd = folder({ 'index.py': RUN_TASK_PROGRAM, 'boto3.py': AWS, 'cfnresponse.py': RESPONSE, 'run.py': RUN });
  const ResourceProperties = {
    Job: 'migrate',
    Container: 'migrate',
    Retries: String(retries),
    Cluster: 'shop',
    TaskDefinition: 'shop-migrate:7',
    LaunchType: 'FARGATE',
    Network: { subnets: ['subnet-1'], securityGroups: [] },
    LogGroup: 'logs',
  };
  const event = { RequestType: requestType, StackId: 'stack', LogicalResourceId: 'Run', ResourceProperties };
  const { status, stdout, stderr } = spawnSync('python3', ['run.py'], { cwd, encoding: 'utf8', env: { PATH: process.env.PATH, EVENT: JSON.stringify(event), ANSWERS: JSON.stringify({ codes, stack }) } });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n');
}

const RUN_LINE = "run shop-migrate:7 ['subnet-1']";
const failed = (code: string) => `migrate ended with ${code}: it has ended; its output is in logs, stream migrate/migrate/t1`;

describe('a job that is part of a deployment', () => {
  test.each(['Create', 'Update'])('is run on %s', requestType => expect(answer(requestType)).toEqual([RUN_LINE, 'SUCCESS Run None']));

  test('is not run when the stack is deleted', () => expect(answer('Delete')).toEqual(['SUCCESS Run None']));

  test('is not run when the stack goes back', () => expect(answer('Update', { stack: 'UPDATE_ROLLBACK_IN_PROGRESS' })).toEqual(['SUCCESS Run None']));

  test('fails the deployment, and says with what and where', () => {
    expect(answer('Create', { codes: [3] })).toEqual([RUN_LINE, failed('3'), failed('3'), `FAILED Run ${failed('3')}`]);
  });

  test('has not ended well when it was never started', () => {
    expect(answer('Create', { codes: [null] }).pop()).toBe(`FAILED Run ${failed('no exit code')}`);
    expect(answer('Create', { codes: ['none'] }).pop()).toBe("FAILED Run migrate was not started: [{'reason': 'RESOURCE:MEMORY'}]");
  });

  test('is run again as often as it may be', () => {
    expect(answer('Create', { codes: [1, 1, 0], retries: 2 })).toEqual([RUN_LINE, failed('1'), RUN_LINE, failed('1'), RUN_LINE, 'SUCCESS Run None']);
    expect(answer('Create', { codes: [1, 1, 0], retries: 1 }).pop()).toBe(`FAILED Run ${failed('1')}`);
  });

  test('that does not end in time fails the deployment while somebody can still say so', () => {
    expect(answer('Create', { codes: [] }).pop()).toBe('FAILED Run arn:aws:ecs:x:1:task/shop/t1 has not ended in time, and goes on');
  });
});
