"""A real OpenAI-compatible server with the bundled model: llama.cpp's, from the package xllamacpp, in this process.

Prints its address, and stops when its input ends: `python real_server.py MODEL.gguf`.
"""

import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx = 4_096
parameters.n_parallel = 1
parameters.warmup = False
server = xllamacpp.Server(parameters)
sys.stdout.write(f"{server.listening_address}\n")
sys.stdout.flush()
sys.stdin.read()
