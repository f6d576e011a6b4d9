package wire

import (
	"context"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// Handshake is what every Optimus host and plugin agree on.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "OP_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk",
}

// Names are those under which the services of a dialect are served; those it has not are empty.
type Names struct {
	Base, CLI, Resolver string
}

// Dialects by the year and the maker of the server that spoke them.
var Dialects = map[string]Names{
	"2021": {"odpf.optimus.plugins.Base", "odpf.optimus.plugins.CLIMod", "odpf.optimus.plugins.DependencyResolverMod"},
	"2022": {
		"odpf.optimus.plugins.v1beta1.BaseService",
		"odpf.optimus.plugins.v1beta1.CLIModService",
		"odpf.optimus.plugins.v1beta1.DependencyResolverModService",
	},
	"resolver": {Resolver: "odpf.optimus.plugins.v1beta1.DependencyResolverModService"},
	"raystack": {Resolver: "raystack.optimus.plugins.v1beta1.DependencyResolverModService"},
	"goto":     {Resolver: "gotocompany.optimus.plugins.v1beta1.DependencyResolverModService"},
}

// Method makes a handler into what a gRPC server registers.
func Method[I, O any](name string, handle func(context.Context, *I) (*O, error)) grpc.MethodDesc {
	handler := func(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
		request := new(I)
		if err := decode(request); err != nil {
			return nil, err
		}
		return handle(ctx, request)
	}
	return grpc.MethodDesc{MethodName: name, Handler: handler}
}

// Register serves methods under a name.
func Register(server *grpc.Server, service string, methods ...grpc.MethodDesc) {
	description := &grpc.ServiceDesc{ServiceName: service, HandlerType: (*interface{})(nil), Methods: methods}
	server.RegisterService(description, struct{}{})
}
