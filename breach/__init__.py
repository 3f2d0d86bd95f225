"""What is true: the domain, in pure Python. No prefect, boto3, sendgrid or great_expectations below here."""
