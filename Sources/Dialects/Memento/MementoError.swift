import DialectKit
import HTTPMessages
import HTTPRouting
import JSON

/// The API's error object, which comes with status 200.
enum MementoError {
  static let members: [Schema.Member] = [
    .optional("err", .boolean("Whether it failed; nothing or false if not.")),
    .optional("errmsg", .string("What went wrong, in Spanish.")),
  ]

  static func response(_ problem: Problem) -> HTTPResponse {
    let kept = problem.fields.filter { $0.isNamed("retry-after") || $0.isNamed("allow") }
    return .json(fields: kept) { json in
      json.beginObject()
      json.member("err", true)
      json.member("errmsg", message(of: problem))
      json.endObject()
    }
  }

  /// A sentence that says what the caller can do, and nothing of what is inside.
  private static func message(of problem: Problem) -> String {
    switch problem.code {
    case .notFound: "No existe esa función."
    case .methodNotAllowed: "Las funciones se llaman con POST."
    case .unsupportedMediaType: "El cuerpo debe ser application/json o application/x-www-form-urlencoded, en UTF-8."
    case .malformedJSON: "El cuerpo no es JSON válido."
    case .invalidRequest: invalid(problem.errors.map(\.member))
    case .unauthorized: "La sesión no es válida o ha terminado."
    case .loginRefused: "No se ha podido iniciar la sesión."
    case .levelRequired: "Se necesita un nivel superior para esta función."
    case .noUser: "No existe ese usuario."
    case .lastAdministrator: "Es el último administrador activo: debe quedar uno."
    case .sessionLimit: "El usuario ya tiene tantas sesiones como se permiten."
    case .tooManyAttempts: "Demasiados intentos; vuelva a intentarlo más tarde."
    case .busy: "El servidor está ocupado; vuelva a intentarlo en unos segundos."
    case .storeUnavailable: "El servidor no puede atender la llamada ahora; vuelva a intentarlo."
    case .outcomeUnknown: "No se sabe si el cambio se ha hecho; compruébelo."
    case .storeFull: "El servidor no tiene sitio para el cambio."
    default: "Error en el servidor."
    }
  }

  /// The names are those of declared parameters: what a caller made up is passed over, or has no name.
  private static func invalid(_ names: [String]) -> String {
    let names = names.filter { !$0.isEmpty }
    guard !names.isEmpty else { return "El cuerpo debe ser un objeto JSON o un formulario con los parámetros." }
    return "Faltan parámetros o no son válidos: \(names.joined(separator: ", "))."
  }
}

extension Problem.Code {
  /// There is no account of that id.
  static let noUser = Problem.Code(rawValue: "no_such_user")
}

extension Problem {
  /// The caller's session is good for nothing; why is not said.
  static let refusedSession = Problem.unauthorizedUser
  /// No session was opened; why is not said.
  static let refusedLogin = Problem(.unauthorized, .loginRefused, "These credentials do not open a session.")
  /// Only an administrator may call it.
  static let needsAdministrator = Problem(.forbidden, .levelRequired, "Only an administrator may do this.")
  /// There is no account of that id.
  static let noUser = Problem(.notFound, .noUser, "There is no such account.")
  /// The last active administrator stays.
  static let lastAdministrator = Problem(.conflict, .lastAdministrator, "There must be an active administrator.")
}
