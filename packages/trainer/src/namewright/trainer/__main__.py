"""`python -m namewright.trainer`, which is how `accelerate launch -m` and `torchrun -m` start it."""

from namewright.trainer._cli import main

main()
