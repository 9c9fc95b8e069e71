"""One call of AWS's API, {"service", "operation", "parameters"} in a file of JSON; prints its answer as JSON."""

import json
import sys
from pathlib import Path

from .here import client

asked = json.loads(Path(sys.argv[1]).read_text())
try:
    answer = getattr(client(asked["service"]), asked["operation"])(**asked["parameters"])
except Exception as error:
    sys.exit(f"{asked['service']} {asked['operation']}: {error}")
answer.pop("ResponseMetadata", None)
json.dump(answer, sys.stdout, default=str)
