"""The suggesters that the probe can reach: over HTTP, or by the contract of the `suggest` command."""

from namewright.probe._targets._command import CommandTarget
from namewright.probe._targets._http import PATH, HttpTarget
from namewright.probe._targets._reply import Reply, Target

__all__ = ["PATH", "CommandTarget", "HttpTarget", "Reply", "Target"]
