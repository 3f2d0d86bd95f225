"""What the S3 blocks are made of: the client, the case store over it, its checks and its downloads."""
