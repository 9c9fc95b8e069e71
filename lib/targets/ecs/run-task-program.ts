/**
 * Answers CloudFormation: runs a task and waits for its end. Nothing is run when a stack goes back to what it was, as whatever the task did has
 * been done by then, and an older version of it may not know what a newer one did.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export const RUN_TASK_PROGRAM = `import time
import boto3
import cfnresponse

POLL_SECONDS = 5
LAST_SECONDS = 30


def handler(event, context):
    status, reason = cfnresponse.SUCCESS, None
    try:
        if event['RequestType'] != 'Delete' and not goes_back(event):
            run(event['ResourceProperties'], context)
    except Exception as error:
        status, reason = cfnresponse.FAILED, str(error)[:1000]
        print(reason)
    name = event.get('PhysicalResourceId') or event['LogicalResourceId']
    cfnresponse.send(event, context, status, {}, name, reason=reason)


def goes_back(event):
    if event['RequestType'] != 'Update':
        return False
    stacks = boto3.client('cloudformation').describe_stacks(StackName=event['StackId'])['Stacks']
    return 'ROLLBACK' in stacks[0]['StackStatus']


def run(properties, context):
    for _ in range(int(properties['Retries']) + 1):
        problem = problem_of(properties, context)
        if problem is None:
            return
        print(problem)
    raise RuntimeError(problem)


def problem_of(properties, context):
    ecs = boto3.client('ecs')
    cluster = properties['Cluster']
    answer = ecs.run_task(
        cluster=cluster,
        taskDefinition=properties['TaskDefinition'],
        launchType=properties['LaunchType'],
        networkConfiguration={'awsvpcConfiguration': properties['Network']},
    )
    if not answer['tasks']:
        return f"{properties['Job']} was not started: {answer['failures']}"
    arn = answer['tasks'][0]['taskArn']
    task = ended(ecs, cluster, arn, context)
    container = next(one for one in task['containers'] if one['name'] == properties['Container'])
    code = container.get('exitCode')
    if code == 0:
        return None
    reasons = [one.get('reason') for one in task['containers']] + [task.get('stoppedReason')]
    output = f"{properties['Job']}/{properties['Container']}/{arn.split('/')[-1]}"
    return (f"{properties['Job']} ended with {'no exit code' if code is None else code}: "
            f"{'; '.join(reason for reason in reasons if reason)}; "
            f"its output is in {properties['LogGroup']}, stream {output}")


def ended(ecs, cluster, arn, context):
    while context.get_remaining_time_in_millis() > LAST_SECONDS * 1000:
        tasks = ecs.describe_tasks(cluster=cluster, tasks=[arn])['tasks']
        if tasks and tasks[0]['lastStatus'] == 'STOPPED':
            return tasks[0]
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f'{arn} has not ended in time, and goes on')
`;
