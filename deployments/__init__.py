"""How it gets there: the command line, the server and its workers, blocks, pools, and the demo."""
