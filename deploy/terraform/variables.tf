variable "collector_principal" {
  description = "The ARN of the principal that runs pathfinder, such as a role of the security account."
  type        = string
}

variable "role_name" {
  description = "What `pathfinder collect --role-name` is given, without the path."
  type        = string
  default     = "PathfinderRead"
}

variable "role_path" {
  description = "The path of the role; --role-name is then path and name without the first slash."
  type        = string
  default     = "/"
}

variable "external_id" {
  description = "What `pathfinder collect --external-id` is given; empty for none."
  type        = string
  default     = ""
  sensitive   = true
}

variable "tags" {
  description = "Tags of the role."
  type        = map(string)
  default     = {}
}
