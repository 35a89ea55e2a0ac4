namespace Faafo.OpenStack.LoadBalancing;

internal sealed record StatusReply(LoadBalancerStatusTree Loadbalancer);
