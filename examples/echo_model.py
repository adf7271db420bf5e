#!/usr/bin/env python3
"""A model for llmbench in a few lines: one JSON request on standard input, one JSON object a line on standard output.

In llmbench's configuration:

    [providers.mine]
    interface = "command"
    command = ["python3", "examples/echo_model.py"]

Then `llmbench run -m mine:upper "Hello there"`, or pick it in the workbench. Any name may stand behind the colon.
"""

import json
import sys


def say(**line):
    # Without the flush the lines would wait in a buffer, and all come at the end.
    print(json.dumps(line), flush=True)


request = json.load(sys.stdin)
change = {"upper": str.upper, "title": str.title, "reverse": lambda text: text[::-1]}.get(request["model"], str)
answer = change(request["prompt"])

if request["output"]:
    # Structured output was asked for: whether it fits request["output"]["schema"] is for llmbench to check.
    say(output={"text": answer})
else:
    for word in answer.split(" "):
        say(text=word + " ")
say(usage={"input_tokens": len(request["prompt"].split()), "output_tokens": len(answer.split())})
say(finish="stop")
