terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.collector_principal]
    }

    dynamic "condition" {
      for_each = var.external_id == "" ? [] : [var.external_id]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "read" {
  name                 = var.role_name
  path                 = var.role_path
  description          = "pathfinder reads policies and settings with it, and nothing else."
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

# The permissions are those that `pathfinder collect --print-policy` prints.
resource "aws_iam_role_policy" "read" {
  name   = "ReadAccount"
  role   = aws_iam_role.read.id
  policy = file("${path.module}/read-account.json")
}
