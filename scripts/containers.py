"""What the files for containers say, read once for all scripts that look at them."""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONTAINER = ROOT / "packaging/container"
# Run by the tools' own Python, which has a reader of YAML.
READ_YAML = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"


def compose(tools):
    """What compose.yaml says, with its anchors resolved."""
    command = [tools / "bin/python", "-c", READ_YAML, CONTAINER / "compose.yaml"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def secrets():
    """What make-secrets prints, as variables."""
    made = subprocess.run([CONTAINER / "make-secrets"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(re.findall(r"^(\w+)='([^']*)'$", made, re.MULTILINE))


def with_secrets(text, made):
    """A text of compose.yaml, with the variables in their places."""
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda match: made[match[1]], text)


def image_environment():
    """The variables that the image gives each container."""
    line = re.search(r"^ENV (.+)$", (CONTAINER / "Dockerfile").read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for word in line[1].split()) if line else {}
