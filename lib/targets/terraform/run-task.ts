/**
 * Runs a task and waits for its end, as often as it may fail and once more. It ends as the container of the job does. What `aws ecs wait` would give up
 * after ten minutes it waits for.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/ecs/run-task.html
 */
export const RUN_TASK = `set -eu
command -v aws >/dev/null || { echo "The AWS CLI runs job '$CONTAINER', and is not here." >&2; exit 1; }
left=$RETRIES
while true; do
  task=$(aws ecs run-task --cluster "$CLUSTER" --task-definition "$TASK_DEFINITION" --launch-type FARGATE \\
    --network-configuration "$NETWORK" --query 'tasks[0].taskArn' --output text)
  case $task in arn:*) ;; *) echo "ECS did not start job '$CONTAINER'." >&2; exit 1 ;; esac
  status=
  until [ "$status" = STOPPED ]; do
    sleep 3
    status=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].lastStatus' --output text)
  done
  code=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query "tasks[0].containers[?name=='$CONTAINER'].exitCode | [0]" --output text)
  [ "$code" = 0 ] && exit 0
  reason=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].stoppedReason' --output text)
  echo "Job '$CONTAINER' ended with $code: $reason ($task)" >&2
  [ "$left" -gt 0 ] || exit 1
  left=$((left - 1))
done
`;
