"""The sessions of clients with an SDK: JSON-RPC 2.0 over a WebSocket, the same for every vendor."""
