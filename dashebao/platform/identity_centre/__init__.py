"""身份认证中心: certificates and seals."""
